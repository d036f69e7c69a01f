"""What people, workflows and other systems do to a lead in a map: the only doors into the engine.

Each is one act in one transaction. Called by a workflow that an act has started, it joins that act.
All raise Refused or Unfit, and change nothing then.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from contacts.models import Contact
from pipelines.maps import exits, mirrors, timers, values, waves
from pipelines.maps.act import Act, acting_on
from pipelines.maps.refusal import Refused, Unfit
from pipelines.models import Journey, JourneyStep, JourneyTrack, Map, Step, Track

ENDS: Final = (Contact.LeadStatus.WON, Contact.LeadStatus.LOST, Contact.LeadStatus.CLOSED)


def assign(contact_id: int, target: Map, now: datetime | None = None) -> None:
    """Puts the lead into the map; out of another one silently. In this one already, nothing happens."""
    with acting_on(contact_id, now) as act:
        act.leave_by(partial(exits.enter, act, target))


def close(contact_id: int, status: str, reason: str = "", now: datetime | None = None) -> None:
    """Closes the lead as won, lost or closed; one that is no longer open is left as it is."""
    if status not in ENDS:
        raise Unfit(_("Choose won, lost or closed."), ("status",))
    with acting_on(contact_id, now) as act:
        act.leave_by(partial(exits.close, act, status, reason))


def complete(contact_id: int, step: Step, value: Any = None, by: str = "agent", now: datetime | None = None) -> None:
    """Completes an open step. One that is done already only takes the new value."""
    with acting_on(contact_id, now) as act:
        found = _step_of_open_track(act, step)
        if found.status == JourneyStep.Status.DONE:
            if value is not None:
                act.ask(partial(_put, act, found.pk, value))
            return
        _require_open(found)
        act.ask(partial(_complete, act, step, value, by))


def change(contact_id: int, step: Step, value: Any, now: datetime | None = None) -> None:
    """Gives a completed step another value; its field follows. Nothing is told."""
    with acting_on(contact_id, now) as act:
        found = _step(act, step)
        if found.status != JourneyStep.Status.DONE:
            raise Refused(_("“%(step)s” is not done yet; complete it.") % {"step": found})
        act.ask(partial(_put, act, found.pk, value))


def uncheck(contact_id: int, step: Step, now: datetime | None = None) -> None:
    """Opens a completed step again while its track is open. Nothing is told."""
    with acting_on(contact_id, now) as act:
        found = _step_of_open_track(act, step)
        if found.status != JourneyStep.Status.DONE:
            raise Refused(_("“%(step)s” is not done.") % {"step": found})
        found.status, found.value, found.done_by = JourneyStep.Status.OPEN, None, ""
        found.save(update_fields=["status", "value", "done_by"])


def watch(contact_id: int, step: Step, percent: int = 100, now: datetime | None = None) -> None:
    """Notes how much of a video the lead has watched; enough of it completes the step, once.

    After the lead was closed it is kept, and shows on the timeline, but is no event of the map.
    """
    if step.control != Step.Control.VIDEO:
        raise Refused(_("“%(step)s” is no video.") % {"step": step})
    with acting_on(contact_id, now) as act:
        found = _any_step(act, step)
        if act.journey is not None and not act.journey.video_access:
            raise Refused(_("Access to the videos is switched off for this lead."))
        found.percent = max(found.percent, min(percent, 100))
        found.save(update_fields=["percent"])
        if percent < settings.CONCOURS_WATCHED_PERCENT or found.status == JourneyStep.Status.DONE:
            return
        if act.journey is not None and act.journey.is_open:
            _require_open(found)
            act.ask(partial(_complete, act, step, None, "lead"))
        elif found.watched_at is None:
            found.watched_at = act.now
            found.save(update_fields=["watched_at"])


def advance(contact_id: int, now: datetime | None = None) -> None:
    """Moves on past the optional steps that are left: closes the task track, and the next opens."""
    with acting_on(contact_id, now) as act:
        journey = act.open_journey()
        track = waves.open_task_track(journey)
        if track is not None:
            required = waves.open_steps(journey).filter(track=track, required=True).first()
            if required is not None:
                raise Refused(_("“%(step)s” has to be done first.") % {"step": required})
        elif _held_up(journey) is None:
            raise Refused(_("Nothing is left to advance to."))
        act.ask(partial(_advance, act))


def flex(contact_id: int, track: Track, keep: Collection[int], journey_id: int | None = None) -> bool:
    """Decides which steps of a flex track this lead gets; False where the track is closed, or the journey over."""
    with acting_on(contact_id) as act:
        journey = act.journey
        if journey is None or not journey.is_open or journey_id not in (None, journey.pk):
            return False
        if track.map_id != journey.map_id or track.kind != Track.Kind.FLEX:
            raise Refused(_("“%(track)s” is no flex track of the map that the lead is in.") % {"track": track})
        row = journey.tracks.filter(track=track).first()
        if row is not None and row.status == JourneyTrack.Status.CLOSED:
            return False
        journey.kept = {**journey.kept, str(track.pk): sorted(keep)}
        journey.save(update_fields=["kept"])
        if row is not None:
            _flex_open(act, row, set(keep))
        return True


def heard(contact_id: int, names: Collection[str]) -> None:
    """Fields of the contact were written, by whatever door: `lead_status`, and those that steps mirror."""
    with acting_on(contact_id) as act:
        act.changed |= set(names) - {"lead_status"}
        timers.note_dates(act)
        if "lead_status" in names and not act.is_moving_status:
            act.leave_by(partial(exits.follow_status, act))


def _complete(act: Act, step: Step, value: Any, by: str) -> None:
    found = _step_of_open_track(act, step)
    _require_open(found)
    act.close_step(found, _kept(act, found, value), by)


def _put(act: Act, key: int, value: Any) -> None:
    found = JourneyStep.objects.get(pk=key)
    found.value = _kept(act, found, value)
    found.save(update_fields=["value"])


def _kept(act: Act, step: JourneyStep, value: Any) -> Any:
    """The value as the step keeps it; that of a mirror step goes through its field."""
    if not step.mirrors:
        return values.clean(step, value)
    if value is None:
        act.contact.refresh_from_db()
        return mirrors.value_of(act.contact, step.mirrors)
    return mirrors.write(act.contact, step.mirrors, value)


def _advance(act: Act) -> None:
    journey = act.open_journey()
    track = waves.open_task_track(journey)
    if track is not None:
        act.close_track(track)
    else:
        act.follows = _held_up(journey)


def _held_up(journey: Journey) -> JourneyTrack | None:
    """The last track, where an exit had kept the next one from opening and the lead was reopened since."""
    last = journey.tracks.order_by("-position").first()
    return last if last is not None and waves.following(journey, last) else None


def _flex_open(act: Act, track: JourneyTrack, keep: set[int]) -> None:
    """Takes away steps that are still to do, and brings back those taken away before."""
    act.touched.add(track.pk)
    track.steps.filter(status=JourneyStep.Status.OPEN).exclude(step__in=keep).update(status=JourneyStep.Status.REMOVED)
    back = track.steps.filter(status=JourneyStep.Status.REMOVED, step__in=keep).order_by("position")
    act.brought_back += list(back.values_list("pk", flat=True))


def _any_step(act: Act, step: Step) -> JourneyStep:
    """The step in the journey the lead stands in, open or not. Raises Refused."""
    found = JourneyStep.objects.filter(journey=act.journey, step=step).select_related("track").first()
    if act.journey is None or found is None:
        raise Refused(_("“%(step)s” is not open for this lead.") % {"step": step})
    return found


def _step(act: Act, step: Step) -> JourneyStep:
    act.open_journey()
    return _any_step(act, step)


def _step_of_open_track(act: Act, step: Step) -> JourneyStep:
    found = _step(act, step)
    if found.track.status != JourneyTrack.Status.OPEN:
        raise Refused(_("The track “%(track)s” is closed.") % {"track": found.track})
    return found


def _require_open(step: JourneyStep) -> None:
    if step.status != JourneyStep.Status.OPEN:
        raise Refused(_("“%(step)s” is not for this lead.") % {"step": step})
