"""Status events start workflows by every filter, for the contact, its guests, or both."""

from datetime import timedelta
from typing import Any

import pytest

from appointments import services
from appointments.models import CalendarGroup
from appointments.people import Person
from appointments.tests import make
from contacts.models import Contact, Note
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.context import act_as
from triggers.models import Run
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db


def trigger(**config: Any) -> dict[str, Any]:
    return {"uid": "t1", "event": "appointment.status_changed", "config": config, "conditions": None}


@pytest.mark.parametrize(("config", "starts"), [
    ({}, 2), ({"statuses": ["cancelled"]}, 1), ({"statuses": ["showed"]}, 0), ({"kinds": "recurring"}, 0),
    ({"kinds": "normal"}, 2), ({"grouped": "yes"}, 2), ({"grouped": "no"}, 0), ({"tags": ["VIP"]}, 2),
    ({"tags": ["None"]}, 0), ({"modified_by": ["user"]}, 1), ({"modified_by": ["customer"]}, 0),
    ({"modified_by_users": ["ana"]}, 1), ({"modified_by_users": ["eve"]}, 0), ({"users": ["ana"]}, 2),
    ({"users": ["eve"]}, 0), ({"calendars": ["own"]}, 2), ({"calendars": ["other"]}, 0),
    ({"calendar_groups": ["own"]}, 2), ({"enrol": "guests"}, 2), ({"enrol": "both"}, 4),
], ids=str)  # fmt: skip
def test_filters(config: dict[str, Any], starts: int) -> None:
    group = CalendarGroup.objects.create(name="Talks")
    calendar, other = make.calendar(group=group), make.calendar("Other", contacts.user("bea"))
    numbers = {"calendars": {"own": calendar.pk, "other": other.pk}, "calendar_groups": {"own": group.pk}}
    config = {name: [numbers[name][each] for each in value] if name in numbers else value
              for name, value in config.items()}  # fmt: skip
    contacts.tag("VIP", contacts.contact())
    workflows.workflow(triggers=[trigger(**config)])

    made = make.booked(calendar, guests=[Person("Tom", "tom@example.org")])
    with act_as(actor="user", actor_id=str(made.user_id)):
        services.cancel(made, make.NOW)
    sweeping.drain(make.NOW)

    assert Run.objects.filter(status="done").count() == starts


def test_each_appointment_starts_it_whatever_it_says_of_starting_again() -> None:
    workflows.workflow(triggers=[trigger()], reentry="once_per_contact")
    calendar = make.calendar()

    services.cancel(make.booked(calendar), make.NOW)
    make.booked(calendar)
    sweeping.drain(make.NOW)

    assert list(Run.objects.values_list("status", flat=True)) == ["done"] * 3


def test_guests_have_runs_of_their_own() -> None:
    workflows.workflow(triggers=[trigger(enrol="guests")])

    make.booked(make.calendar(), guests=[Person("Tom", "tom@example.org"), Person("", "liv@example.org")])
    sweeping.drain(make.NOW)

    emails = set(Contact.objects.filter(pk__in=Run.objects.values("contact_id")).values_list("email", flat=True))
    assert emails == {"tom@example.org", "liv@example.org"}


def test_the_reason_is_asked_for_and_stands_in_messages() -> None:
    asked = {"field": "event.cancel_reason", "op": "contains", "value": "ill"}
    note = workflows.action("note", "note.create", body="{{ event.cancel_reason }} / {{ appointment.cancel_reason }}")
    workflows.workflow(note, triggers=[{**trigger(statuses=["cancelled"]), "conditions": asked}])
    calendar = make.calendar()

    for hours, reason in ((0, "No time"), (1, "I am ill")):
        services.cancel(make.booked(calendar, make.TUESDAY + timedelta(hours=hours)), make.NOW, reason)
    sweeping.drain(make.NOW)

    assert [note.body for note in Note.objects.all()] == ["I am ill / I am ill"]
