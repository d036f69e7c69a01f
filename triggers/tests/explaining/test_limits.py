"""The limits beside the conditions: what an earlier run, the rate and do-not-disturb said when the event happened."""

from datetime import timedelta
from typing import Any

import pytest

from contacts import services as contacts
from triggers import sweeping
from triggers.explaining.limits import limits
from triggers.models import Event, Run, Workflow
from triggers.tests import make

pytestmark = pytest.mark.django_db
MAIL = make.action("m", "email.send", subject="Welcome", text="Good day")


def told(flow: Workflow, event: Event) -> list[tuple[str, bool, str]]:
    return [(each.text, each.passed, each.seen) for each in limits(flow, event)]


def tagged(*names: str) -> tuple[Any, list[Event]]:
    """A contact who got these tags one after another."""
    anna = make.contact()
    for name in names:
        make.tag(anna, name)
        sweeping.drain()
    return anna, list(Event.objects.filter(type="contact.tag_added").order_by("pk"))


def test_a_cooldown_names_the_last_run_and_its_length() -> None:
    flow = make.workflow(make.action("a", "note.create", body="x"), reentry="cooldown", cooldown_hours=2)
    _anna, [first, second] = tagged("VIP", "Gold")

    assert told(flow, first) == [("Not again within 2 hours", True, "never")]
    [(text, passed, seen)] = told(flow, second)
    assert (text, passed) == ("Not again within 2 hours", False)
    assert seen != "never"
    later = Event.objects.get(pk=second.pk)
    later.occurred_at += timedelta(hours=3)
    assert told(flow, later)[0][1] is True


@pytest.mark.parametrize(
    ("reentry", "text", "passed"),
    [("every", "Every time", True), ("once_per_contact", "Once per contact", False),
     ("one_active", "Not while a run is under way", True), ("restart", "Start over: the run under way ends", True)],
)  # fmt: skip
def test_each_rule_of_re_entry_judges_the_second_event(reentry: str, text: str, passed: bool) -> None:
    flow = make.workflow(make.action("a", "note.create", body="x"), reentry=reentry)
    _anna, [_first, second] = tagged("VIP", "Gold")
    Run.objects.filter(event=second).delete()
    Run.objects.update(finished_at=second.occurred_at - timedelta(microseconds=1))

    assert told(flow, second)[0][:2] == (text, passed)


def test_the_rate_lets_pass_and_says_how_many_there_were() -> None:
    flow = make.workflow(make.action("a", "note.create", body="x"), rate_per_hour=5)
    _anna, [_first, second] = tagged("VIP", "Gold")
    Run.objects.filter(event=second).delete()

    assert told(flow, second)[1] == ("At most 5 runs an hour; more wait their turn", True, "1")


def test_do_not_disturb_is_told_for_the_channels_it_writes_by() -> None:
    flow, quiet = make.workflow(MAIL, name="Writes"), make.workflow(name="Quiet")
    anna, [event] = tagged("VIP")
    assert told(flow, event)[-1] == ("Do-not-disturb is off: E-mail", True, "it is off")

    contacts.set_dnd(anna, ["all"], True, contacts.Asked("inbound", "Asked"))

    assert told(flow, event)[-1] == ("Do-not-disturb is off: E-mail", False, "it is on")
    assert len(told(quiet, event)) == 1


def test_what_was_never_published_has_no_limits() -> None:
    _anna, [event] = tagged("VIP")

    assert limits(Workflow(name="Draft"), event) == []
