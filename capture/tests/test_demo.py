"""The files under `demo/`: what they are, and that they go through as their page says."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from capture import services
from capture.intake import take_in
from capture.models import InboundRequest
from capture.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts_make
from contacts.tests.make import tags_of
from triggers.outside import signatures

DEMO = Path(__file__).resolve().parents[2] / "demo"


def the_mapping() -> dict[str, str]:
    """The one that `demo/README.md` shows."""
    shown = re.search(r"```json\n(.*?)```", (DEMO / "README.md").read_text(), re.DOTALL)
    assert shown is not None
    return json.loads(shown[1])


@pytest.mark.django_db
def test_the_typeform_lead_becomes_the_contact_the_page_promises() -> None:
    contacts_make.field("consent", "yesno")
    _webhook, token = make.webhook(mapping=the_mapping())

    answer = make.post(token, (DEMO / "typeform.json").read_bytes())
    again = make.post(token, (DEMO / "typeform.json").read_bytes())

    contact = Contact.objects.get()
    assert (answer.status_code, answer.json()["duplicate"], again.json()["duplicate"]) == (202, False, True)
    assert (contact.name, contact.email, contact.phone) == (
        "Zoë Lindqvist",
        "zoe.lindqvist@example.com",
        "+46701740605",
    )
    assert (contact.country, contact.source, contact.custom_fields) == ("SE", "newsletter", {"consent": True})
    assert tags_of(contact) == {"Solar roof", "Battery storage"}
    assert InboundRequest.objects.get().problems == []


@pytest.mark.django_db
def test_the_suggested_mapping_keeps_the_lead_too() -> None:
    body = json.loads((DEMO / "typeform.json").read_text())
    webhook, _token = make.webhook(mapping=services.suggest_mapping({"body": body}))

    taken = take_in(webhook, make.sent(body), InboundRequest._meta.get_field("received_at").get_default())

    contact = Contact.objects.get(pk=taken.contact_id)
    assert (contact.name, contact.phone) == ("Zoë Lindqvist", "+46701740605")


@pytest.mark.django_db
def test_the_order_event_is_taken_when_signed() -> None:
    from django.utils import timezone

    secret = signatures.new_secret()
    _webhook, token = make.webhook(signature="standard", secret=secret, mapping={"email": "data.customer.email"})
    body = (DEMO / "order-event.json").read_bytes()
    headers = signatures.sign("msg_4817", timezone.now(), body, [secret])

    answer = make.post(token, body, **{name.replace("-", "_"): value for name, value in headers.items()})

    assert answer.status_code == 202
    assert make.events()[0].data["body"]["type"] == "order.paid"
    assert make.events()[0].data["delivery_id"] == "msg_4817"
    assert Contact.objects.get().email == "mateusz.wojcik@example.com"


def test_the_hubspot_export_is_as_untidy_as_its_page_says() -> None:
    raw = (DEMO / "hubspot-contacts.csv").read_bytes()
    rows = list(csv.DictReader(raw.decode().splitlines(keepends=True)))

    assert len(rows) == 1200
    assert list(rows[0])[:5] == ["Record ID", "First Name", "Last Name", "Email", "Phone Number"]
    assert len({row["Record ID"] for row in rows}) == 1200
    emails = Counter(row["Email"].strip().lower() for row in rows)
    assert emails[""] == 78
    assert sum(count > 1 for email, count in emails.items() if email) >= 15
    names = " ".join(row["First Name"] + row["Last Name"] for row in rows)
    assert all(letters in names for letters in ("🌞", "נועה", "محمد", "さくら", "Łukasz", "प्रिया"))
    assert any("\n" in row["Message"] for row in rows)
    assert all("@example." not in row["Phone Number"] for row in rows)
