"""An import is taken back: what it made and nothing happened to since."""

from typing import Any

import pytest

from contacts import services
from contacts.importing import steps, working
from contacts.models import Contact, Note
from contacts.tests import make as people
from contacts.tests.importing import make
from triggers.models import Event

pytestmark = pytest.mark.django_db
FILE = "First name,Email,Note\n" + "".join(f"P{n},p{n}@example.org,Hello\n" for n in range(25))


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: Any) -> None:
    monkeypatch.setattr(working, "PORTION", 10)


def test_what_it_made_is_gone_and_what_was_there_stays() -> None:
    there = people.contact(email="p3@example.org", first_name="Before")
    job = make.imported(FILE, tags=["Fair"])
    assert (job.created, Contact.objects.count(), Note.objects.count()) == (24, 25, 24)

    job = make.worked(steps.undo(job))

    assert (job.status, job.removed, job.kept) == ("undone", 24, 0)
    assert list(Contact.objects.values_list("pk", flat=True)) == [there.pk]
    assert Note.objects.count() == 0
    assert set(Event.objects.filter(type="contact.deleted").values_list("muted", "origin")) == {(True, job.origin)}


def test_whoever_was_changed_or_written_to_since_is_kept() -> None:
    job = make.imported(FILE)
    changed, tagged, noted, updated = Contact.objects.order_by("pk")[:4]
    services.update(changed, {"city": "Ulm"})
    services.add_tags(tagged, ["VIP"])
    people.note(noted)
    Contact.objects.filter(pk=updated.pk).update(company="Acme")

    job = make.worked(steps.undo(job))

    assert (job.removed, job.kept) == (21, 4)
    assert set(Contact.objects.all()) == {changed, tagged, noted, updated}


def test_who_stood_in_the_file_twice_is_removed_too() -> None:
    job = make.imported("First name,Email,City\n" + "Mia,m@example.org,\n" * 15 + "Mia,m@example.org,Ulm\n")
    assert (job.created, job.unchanged, Contact.objects.get().city) == (1, 14, "Ulm")

    job = make.worked(steps.undo(job))

    assert (job.removed, Contact.objects.count()) == (1, 0)


def test_it_goes_on_where_it_broke(monkeypatch: Any) -> None:
    job = make.imported(FILE)
    steps.undo(job)
    monkeypatch.setattr(working.undoing, "remove", lambda *_args: 1 / 0)
    working.go_on()
    monkeypatch.undo()
    assert Contact.objects.count() == 25

    from django.utils import timezone

    working.go_on(timezone.now() + working.LEASE)

    job.refresh_from_db()
    assert (job.status, job.removed, Contact.objects.count()) == ("undone", 25, 0)


def test_nothing_made_nothing_to_undo() -> None:
    people.contact(email="p1@example.org")
    job = make.imported("First name,Email\nMia,p1@example.org\n")

    assert not steps.can_undo(job)
    with pytest.raises(steps.Invalid):
        steps.undo(job)
