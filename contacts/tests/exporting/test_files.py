"""Contacts go out in three formats, and come in again as they were."""

import csv
from io import StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from contacts.exporting.files import FORMATS
from contacts.models import Contact, Tagging
from contacts.tests import make
from contacts.tests.importing import make as files

pytestmark = pytest.mark.django_db
KEPT = [
    "first_name", "last_name", "email", "extra_emails", "phone", "extra_phones", "company", "job_title", "website",
    "street", "city", "state", "postal_code", "country", "time_zone", "language", "birth_date", "source",
    "external_id", "owner_id", "lead_status", "channel", "dnd", "custom_fields",
]  # fmt: skip
CARDS_KEEP = [
    "first_name", "last_name", "email", "extra_emails", "phone", "extra_phones", "company", "job_title", "website",
    "street", "city", "state", "postal_code", "country", "birth_date", "external_id",
]  # fmt: skip


@pytest.fixture
def _people() -> None:
    for key, kind in {"size": "number", "code": "text", "on": "yesno", "sum": "text", "paid": "money"}.items():
        make.field(key, kind, currency="EUR")
    make.field("many", "multi_choice", choices=["a;b", "c"])
    full = make.contact(
        first_name="محمد", last_name="O'Neill, \"Jr\" 🌞", email="Mo@example.org", phone="+4930123456",
        phone_raw="030 123456", extra_emails=["a@example.org", "b@example.org"], extra_phones=["+33620267094"],
        company="=HYPERLINK(\"http://evil.example\")", job_title="-1+1", website="https://example.org/x?a=1;b=2",
        street="Line one\nLine two", city="@home", state="'+quoted", postal_code="00123", country="DE",
        time_zone="Europe/Berlin", language="ar", birth_date="1984-02-29", source="Fair, 2026; hall 3",
        external_id="+77", owner=make.user(), lead_status="won", channel="form", dnd={"email": True, "sms": True},
        score=-7,
        custom_fields={
            "size": 3, "code": "007", "on": True, "many": ["a;b", "c"], "sum": "=1+1",
            "paid": {"amount": "1.50", "currency": "CHF"},
        },
    )  # fmt: skip
    for name in ("VIP", "Fair, 2026", "a;b", 'say "hi"'):
        make.tag(name, full)
    make.contact(first_name="Mia", email="mia@example.org", custom_fields={})


def written(kind: str) -> bytes:
    return b"".join(FORMATS[kind].write(Contact.objects.all()))


def kept(names: list[str]) -> list[dict[str, Any]]:
    return list(Contact.objects.order_by("email").values(*names))


def tags() -> set[tuple[str, str]]:
    return set(Tagging.objects.values_list("contact__email", "tag__name"))


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_with_every_value(kind: str) -> None:
    before, tagged = kept(KEPT), tags()
    data = written(kind)
    Contact.objects.all().delete()

    job = files.imported(data)

    assert files.findings(job) == []
    assert (job.status, job.created) == ("done", 2)
    assert kept(KEPT) == before
    assert tags() == tagged


@pytest.mark.usefixtures("_people")
def test_vcards_keep_what_their_format_has_a_place_for() -> None:
    before, tagged = kept(CARDS_KEEP), tags()
    data = written("vcard")
    Contact.objects.all().delete()

    job = files.imported(data)

    assert files.findings(job) == []
    assert kept(CARDS_KEEP) == before
    assert {tag for tag in tagged if ";" not in tag[1] and "," not in tag[1]} <= tags()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(sign: str) -> None:
    Contact.objects.create(first_name=f"{sign}cmd|' /C calc'!A0", email="a@example.org")

    rows = list(csv.reader(StringIO(written("csv").decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{sign}cmd|' /C calc'!A0"
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Any) -> None:
    Contact.objects.create(first_name="=1+1", email="a@example.org")
    (tmp_path / "out.xlsx").write_bytes(written("xlsx"))

    cell = load_workbook(tmp_path / "out.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")


def test_pieces_are_sent_while_the_rest_is_still_unread(django_assert_max_num_queries: Any) -> None:
    Contact.objects.bulk_create([Contact(first_name=f"Person {n}") for n in range(2500)])

    with django_assert_max_num_queries(12):
        pieces = list(FORMATS["csv"].write(Contact.objects.all()))

    assert len(pieces) > 10
    assert max(map(len, pieces)) < 64 * 1024
    assert b"".join(pieces).decode().count("Person") == 2500
