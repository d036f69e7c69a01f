"""`manage.py forgotten`: the ledger outside the database, and a restored database that forgets again."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from contacts import services
from contacts.dedupe import merging
from contacts.models import Contact, Forgetting
from contacts.privacy import ledger
from contacts.tests import make
from contacts.tests.privacy.zelmira import WORDS, found, zelmira
from conversations import suppressing
from conversations.models import Suppression

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(settings: Any) -> Path:
    return settings.FORGOTTEN_LEDGER


def told(*arguments: str) -> str:
    said = StringIO()
    call_command("forgotten", *arguments, stdout=said)
    return said.getvalue().strip()


def forgotten(who: Contact, capture: Any) -> None:
    with capture(execute=True):
        services.forget(who)


def restored(who: Contact) -> Contact:
    """The person as an older backup knows them."""
    Forgetting.objects.all().delete()
    Suppression.objects.all().delete()
    Contact.objects.filter(pk=who.pk).update_untold(
        first_name="Zelmira", last_name="Quandtner", email="old@nowhere.example", dnd={}
    )
    return who


def test_whoever_is_forgotten_stands_in_the_ledger_by_number_alone(
    book: Path, django_capture_on_commit_callbacks: Any
) -> None:
    who = zelmira()
    former = make.contact()
    merging.merge(who.pk, former.pk)

    forgotten(who, django_capture_on_commit_callbacks)

    first, last = (json.loads(line) for line in book.read_text().splitlines())
    assert (first["contact"], first["former"]) == (who.pk, [former.pk])
    assert (last["contact"], last["former"]) == (who.pk, [former.pk])
    assert len(first["remnants"]["addresses"]) == 5
    assert [word for word in WORDS if word.casefold() in book.read_text().casefold()] == []


def test_a_restored_database_forgets_again_and_keeps_newer_addresses_suppressed(
    book: Path, django_capture_on_commit_callbacks: Any
) -> None:
    who = zelmira()
    forgotten(who, django_capture_on_commit_callbacks)
    restored(who)

    assert told("apply") == "1 forgotten, 1 already, 0 absent."

    assert [word for word in found() if word in ("Zelmira", "Quandtner")] == []
    for address in ("old@nowhere.example", "zq@nowhere.example", "+4930901820"):
        assert suppressing.find(address) is not None, address
    assert json.loads(told("apply", "--json")) == {"forgotten": 0, "already": 2, "absent": 0}


def test_a_number_given_out_anew_is_somebody_else(book: Path, django_capture_on_commit_callbacks: Any) -> None:
    who = zelmira()
    forgotten(who, django_capture_on_commit_callbacks)
    restored(who)
    Contact.objects.filter(pk=who.pk).update_untold(created_at=timezone.now() + timedelta(seconds=1))

    assert told("apply") == "0 forgotten, 0 already, 2 absent."
    assert Contact.objects.get(pk=who.pk).last_name == "Quandtner"


def test_what_a_database_knows_is_printed_and_can_be_applied(tmp_path: Path) -> None:
    who = zelmira()
    services.forget(who)
    file = tmp_path / "export.jsonl"
    file.write_text(told("export"))
    restored(who)

    assert told("apply", str(file)) == "1 forgotten, 0 already, 0 absent."


@pytest.mark.parametrize("wrong", ["nonsense", '{"contact": 1}', '{"contact": 1, "asked_at": "2026-01-01T00:00"}'])
def test_a_file_that_is_no_ledger_is_refused_before_anything_is_forgotten(tmp_path: Path, wrong: str) -> None:
    who = zelmira()
    file = tmp_path / "wrong.jsonl"
    file.write_text(f'{{"contact": {who.pk}, "asked_at": "2100-01-01T00:00:00Z"}}\n{wrong}\n')

    with pytest.raises(CommandError, match="line 2"):
        told("apply", str(file))
    assert not Forgetting.objects.exists()


def test_a_ledger_that_cannot_be_written_does_not_keep_a_person_from_being_forgotten(
    settings: Any, tmp_path: Path, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.FORGOTTEN_LEDGER = tmp_path
    who = zelmira()

    forgotten(who, django_capture_on_commit_callbacks)

    assert f"contact {who.pk} is not in the ledger" in caplog.text
    assert [entry.contact for entry in ledger.entries()] == [who.pk]
