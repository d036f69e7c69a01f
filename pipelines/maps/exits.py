"""How a lead gets into a map and out of it: assigned, moved, closed, reopened."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from contacts import services
from contacts.models import Contact
from pipelines.maps import defining, notices, telling, waves
from pipelines.models import Journey, LoopStop, Map
from triggers import languages
from triggers.models import Run
from triggers.running.stopping import cancel

if TYPE_CHECKING:
    from pipelines.maps.act import Act

OPEN = Contact.LeadStatus.OPEN
# What waits for a journey that has ended is not done any more; what was due already goes out.
WAITING = (Run.Status.HELD, Run.Status.WAITING)


def enter(act: "Act", target: Map) -> None:
    """Puts the lead into the map, silently out of the one it stands in. Raises Refused or Unfit."""
    if act.journey is not None and act.journey.map_id == target.pk:
        return
    if target.pk in act.entered:
        _stop_loop(act, target)
        return
    defining.check_assignable(target)
    if act.journey is not None:
        _leave(act, act.journey)
    _set_status(act, OPEN)
    services.follow(act.contact)
    journey = Journey.objects.create(
        contact=act.contact, map=target, channel=act.contact.channel, opened_at=act.now,
    )  # fmt: skip
    act.stand_in(journey)
    waves.open_first(act)


def close(act: "Act", status: str, reason: str) -> None:
    """Closes the lead with this status. One that is no longer open is left as it is."""
    act.contact.refresh_from_db()
    if act.contact.lead_status == OPEN:
        _set_status(act, status)
        follow_status(act, reason)


def follow_status(act: "Act", reason: str = "") -> None:
    """Brings the journey in line with the lead status as it stands now."""
    act.contact.refresh_from_db()
    journey, status = act.journey, act.contact.lead_status
    if journey is None:
        return
    if status == OPEN:
        _reopen(journey)
    elif journey.outcome != status or journey.status == Journey.Status.OPEN:
        _end(act, journey, status, reason)


def _end(act: "Act", journey: Journey, status: str, reason: str) -> None:
    is_new = status not in journey.outcomes
    journey.status, journey.outcome, journey.reason = Journey.Status.CLOSED, status, reason[:300]
    journey.closed_at = act.now
    journey.outcomes = [*journey.outcomes, status] if is_new else journey.outcomes
    journey.save(update_fields=["status", "outcome", "reason", "closed_at", "outcomes"])
    _stop_waiting(act, journey, languages.stored(gettext_noop("The lead was closed.")))
    if is_new:
        act.tell([telling.map_closed(journey)])


def _reopen(journey: Journey) -> None:
    """The same journey goes on where it stood; nothing is told again."""
    if journey.status == Journey.Status.CLOSED:
        journey.status, journey.outcome, journey.reason, journey.closed_at = Journey.Status.OPEN, "", "", None
        journey.save(update_fields=["status", "outcome", "reason", "closed_at"])


def _leave(act: "Act", journey: Journey) -> None:
    """The lead stands there no more. A journey that had ended keeps its outcome."""
    if journey.status == Journey.Status.OPEN:
        journey.status = Journey.Status.LEFT
    journey.is_current, journey.left_at = False, act.now
    journey.save(update_fields=["status", "is_current", "left_at"])
    _stop_waiting(act, journey, languages.stored(gettext_noop("The lead was moved to another map.")))


def _set_status(act: "Act", status: str) -> None:
    if act.contact.lead_status != status:
        act.is_moving_status = True
        try:
            services.update(act.contact, {"lead_status": status})
        finally:
            act.is_moving_status = False


def _stop_waiting(act: "Act", journey: Journey, reason: str) -> None:
    """Ends the journey's runs that wait or are held; those that its end has started have just begun."""
    runs = Run.objects.filter(contact_id=journey.contact_id, subject_type="pipelines.journey", subject_id=journey.pk)
    waiting = runs.filter(status__in=WAITING).exclude(event__type="map.closed")
    if waiting.exists():
        cancel(Run.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))), reason, act.now)


def _stop_loop(act: "Act", target: Map) -> None:
    assert act.journey is not None
    LoopStop.objects.create(journey=act.journey, map=target, after_event=act.last_event, at=act.now)
    notices.loop_stopped(act.journey, target)
