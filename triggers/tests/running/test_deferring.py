"""Messages inside an act: what follows them is done at once, and they leave in their order afterwards."""

from typing import Any

import pytest

from contacts.models import Contact, Task
from conversations.models import Message
from pipelines.maps import verbs
from pipelines.models import Journey
from pipelines.tests.maps import make
from triggers import sweeping
from triggers.models import ActionRun, Run

pytestmark = pytest.mark.django_db


def mail(uid: str, **more: Any) -> dict[str, Any]:
    return make.action(uid, "email.send", subject=uid, text="Hi", category="transactional") | more


def assigned(*actions: dict[str, Any], **values: Any) -> Journey:
    """A lead whose map sets off these actions when it opens; nothing has left yet."""
    make.attached("map.opened", *actions)
    person = make.lead(**values)
    verbs.assign(person.pk, make.a_map("T1 std a!"))
    return make.journey(person)


def sent() -> list[str]:
    sweeping.drain()
    return list(Message.objects.filter(status="sent").order_by("pk").values_list("subject", flat=True))


def done() -> list[tuple[str, str]]:
    return list(ActionRun.objects.order_by("finished_at", "pk").values_list("uid", "status"))


def test_what_follows_messages_is_done_within_the_act() -> None:
    city = make.action("c", "contact.update", values={"city": "Bonn"})
    journey = assigned(mail("m1"), city, mail("m2"), make.action("t", "task.create", title="Call"))

    assert (Contact.objects.get(pk=journey.contact_id).city, Task.objects.count()) == ("Bonn", 1)
    assert sent() == ["m1", "m2"]
    assert done() == [("c", "done"), ("t", "done"), ("m1", "done"), ("m2", "done")]
    assert Run.objects.get().status == "done"


def test_a_wait_begins_after_the_message_and_the_next_message_after_the_wait() -> None:
    wait = make.action("w", "wait.duration", days=2)
    assigned(mail("m1"), make.action("t", "task.create", title="Call"), wait, mail("m2"))

    assert Task.objects.count() == 1
    assert sent() == ["m1"]
    run = Run.objects.get()
    assert (run.status, run.at) == ("waiting", "w")
    sweeping.drain(run.due_at)
    assert sent() == ["m1", "m2"]


def test_its_condition_counts_as_it_was_when_it_was_passed() -> None:
    nowhere = {"field": "contact.city", "op": "is_not_set"}
    city = make.action("c", "contact.update", values={"city": "Bonn"})
    assigned(mail("before", only_if=nowhere), city, mail("after", only_if=nowhere))

    assert sent() == ["before"]


def test_what_fails_afterwards_takes_no_message_back() -> None:
    assigned(mail("m1"), make.action("x", "map.change", map=make.a_map("X std", name="Empty").pk))

    assert sent() == ["m1"]
    assert Run.objects.get().status == "failed"


def test_an_exit_behind_a_message_ends_the_journey_at_once() -> None:
    make.attached("step.closed", mail("m1"), make.action("x", "lead.close", status="lost"))
    journey = make.assigned("T1 std a!", "T2 std b!")

    verbs.complete(journey.contact_id, make.step("T1.a"))

    journey.refresh_from_db()
    assert (journey.status, journey.outcome, journey.tracks.count()) == ("closed", "lost", 1)
