"""Contacts leave the list as files: the chosen ones, or those that the filters show; only for who may."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from contacts.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/contacts/contact/"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    return [row["First name"] for row in rows]


@pytest.fixture
def client() -> Client:
    for name, status in (("Mia", "open"), ("Tom", "won"), ("Eve", "won")):
        make.tag(f"of {name}", make.contact(first_name=name, email=f"{name}@example.org", lead_status=status))
    return visit.boss()


def test_what_the_filters_show(client: Client) -> None:
    assert names(client.get(f"{LIST}export/csv/")) == ["Mia", "Tom", "Eve"]
    assert names(client.get(f"{LIST}export/csv/?lead_status=won")) == ["Tom", "Eve"]
    assert names(client.get(f"{LIST}export/csv/?q=mia")) == ["Mia"]


def test_what_is_chosen(client: Client) -> None:
    from contacts.models import Contact

    tom = Contact.objects.get(first_name="Tom")

    answer = client.post(LIST, {"action": "export_csv", "_selected_action": [tom.pk]})

    assert names(answer) == ["Tom"]
    assert answer["Content-Disposition"].startswith('attachment; filename="contacts-')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert LogEntry.objects.get().change_message == "Exported 1 contact as csv."


@pytest.mark.parametrize(("action", "start"), [("export_workbook", b"PK"), ("export_cards", b"BEGIN:VCARD\r\n")])
def test_the_other_formats(client: Client, action: str, start: bytes) -> None:
    from contacts.models import Contact

    chosen = list(Contact.objects.values_list("pk", flat=True))
    assert client.post(LIST, {"action": action, "_selected_action": chosen}).getvalue().startswith(start)


def test_who_may_not_sees_no_way_and_finds_none(client: Client) -> None:
    clerk = visit.staff("view_contact", "change_contact")

    shown = clerk.get(LIST).content.decode()
    assert "export_csv" not in shown
    assert "/export/" not in shown
    assert clerk.get(f"{LIST}export/csv/").status_code == 403
    assert visit.staff("view_contact", "export_contact", name="two").get(f"{LIST}export/csv/").status_code == 200
    assert client.get(f"{LIST}export/pdf/").status_code == 404
    assert "/export/csv/?lead_status__exact=won" in client.get(f"{LIST}?lead_status__exact=won").content.decode()
