"""Mail that was held for want of an address leaves when there is one, and not after it has lost its sense."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Contact
from conversations.models import MailboxMail
from triggers import poke
from triggers.models import Run
from triggers.models.event import Lane
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings: object) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"  # type: ignore[attr-defined]


def held() -> tuple[Contact, Run]:
    person = make.contact(email="")
    flow = make.workflow(
        make.action("a1", "email.send", subject="Hello", text="Hello", category="transactional"),
        make.action("a2", "note.create", body="after"),
    )
    make.tag(person)
    drain()
    [run] = make.runs(flow)
    assert run.status == "held"
    return person, run


@pytest.mark.parametrize("door", ["save", "update"])
def test_an_address_lets_the_mail_go_at_once(door: str) -> None:
    person, run = held()

    if door == "save":
        person.email = "anna@example.org"
        person.save()
    else:
        Contact.objects.filter(pk=person.pk).update(email="anna@example.org")
    drain()

    run.refresh_from_db()
    assert run.status == "done"
    assert MailboxMail.objects.get().to_addresses == "anna@example.org"


def test_another_field_lets_nothing_go() -> None:
    person, run = held()
    due = run.due_at

    person.city = "Berlin"
    person.save()

    run.refresh_from_db()
    assert (run.status, run.due_at) == ("held", due)


def test_after_three_days_it_is_left_out_and_the_run_goes_on() -> None:
    person, run = held()
    begun = run.actions.get(uid="a1").started_at

    for _look in range(12):
        drain(run.due_at)
        run.refresh_from_db()
        if run.status != "held":
            break

    person.email = "late@example.org"
    person.save()
    drain(timezone.now() + timedelta(days=5))
    left_out = run.actions.get(uid="a1")
    assert (run.status, left_out.status) == ("done", "skipped")
    assert left_out.finished_at == begun + timedelta(days=3)
    assert left_out.summary == "Not sent. Anna could not be reached within 3 days."
    assert not MailboxMail.objects.exists()


def test_those_who_send_are_called_up_for_it(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    person, _run = held()
    settings.CONCOURS_POKE = True

    with django_capture_on_commit_callbacks() as waiting:
        Contact.objects.filter(pk=person.pk).update(email="anna@example.org")

    assert poke._asking(poke.TASKS[Lane.OUTSIDE]) in waiting
