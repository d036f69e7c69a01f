"""The timers of journeys: rows written when their anchor happens, found by the clock through one index."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from contacts.models import Contact
from pipelines.maps import mirrors
from pipelines.maps.timing import TimerOptions, Unless
from pipelines.models import Journey, JourneyStep, JourneyTimer, JourneyTrack, Step
from triggers.matching import compiled
from triggers.models import Organisation
from triggers.outbox import Pending

if TYPE_CHECKING:
    from pipelines.maps.act import Act

TYPE = "journey.timer"
# A lead is complete with a name and these.
ESSENTIAL = ("email", "phone")


def rules() -> dict[str, TimerOptions]:
    """The options of all live triggers of time, each once."""
    found = compiled.books([TYPE])[TYPE].entries
    return {entry.options.rule(): entry.options for entry in found if entry.kind == "start"}


def note(act: "Act", layer: Sequence[Pending]) -> None:
    """Writes what these events make due later."""
    if act.rules is None:
        act.rules = rules()
    if not act.rules:
        return
    for pending in layer:
        data = pending.payload.model_dump()
        for rule, options in act.rules.items():
            if options.is_anchored_by(pending.payload.key, data):
                _write(data["journey_id"], rule, options, act.now)
        if pending.payload.key in ("map.opened", "step.closed"):
            note_dates(act)
        counts = any(options.anchor == "last_contact" for options in act.rules.values())
        if counts and pending.payload.key == "step.closed" and _is_call(data["step_id"]):
            in_touch({data["contact_id"]}, act.now)


def note_dates(act: "Act") -> None:
    """Writes, or writes anew, what is counted from dates of the lead, and from when it was last in touch."""
    journey = act.journey
    if journey is None or not journey.is_open:
        return
    for rule, options in (act.rules if act.rules is not None else rules()).items():
        if options.map in (None, journey.map_id) and options.anchor in ("field", "step_date"):
            act.contact.refresh_from_db()
            anchor = _dated(journey, act.contact, options)
            if anchor is not None:
                _write(journey.pk, rule, options, anchor)


def in_touch(contact_ids: Collection[int], at: datetime) -> None:
    """We and these people wrote or spoke to each other: what counts from the last contact counts anew."""
    waiting = {rule: options for rule, options in rules().items() if options.anchor == "last_contact"}
    if not waiting:
        return
    for journey in Journey.objects.filter(contact__in=contact_ids, is_current=True, status=Journey.Status.OPEN):
        for rule, options in waiting.items():
            if options.map in (None, journey.map_id):
                _write(journey.pk, rule, options, at)


def release(contact_id: int, now: datetime) -> None:
    """The lead has just become complete: what waited for that is due now."""
    waiting = JourneyTimer.objects.filter(journey__contact=contact_id, journey__is_current=True, due_at__lt=now)
    waiting.update(due_at=now)


def is_complete(contact: Contact) -> bool:
    return bool(contact.name and all(getattr(contact, name) for name in ESSENTIAL))


def due(options: TimerOptions, since: datetime, until: datetime) -> Iterator[JourneyTimer]:
    """The timers of these options within the window, of open journeys with complete leads that nothing excludes."""
    rows = JourneyTimer.objects.filter(rule=options.rule(), due_at__gt=since, due_at__lte=until)
    going = rows.filter(journey__is_current=True, journey__status=Journey.Status.OPEN)
    found = list(going.select_related("journey__contact", "journey__map").order_by("due_at", "pk"))
    stopped = excluded({timer.journey_id for timer in found}, options.unless) if found and options.unless else set()
    for timer in found:
        if timer.journey_id not in stopped and is_complete(timer.journey.contact):
            yield timer


def excluded(journeys: Collection[int], unless: Iterable[Unless]) -> set[int]:
    """Those of the journeys in which one of these has happened."""
    return {journey for each in unless for journey in _happened(journeys, each)}


def _happened(journeys: Collection[int], wanted: Unless) -> Iterable[int]:
    if wanted.event == "map.closed":
        return Journey.objects.filter(pk__in=journeys).exclude(outcomes=[]).values_list("pk", flat=True)
    column = "opened_at" if wanted.event.endswith("opened") else "closed_at"
    if wanted.event.startswith("track"):
        tracks = JourneyTrack.objects.filter(journey__in=journeys, **{f"{column}__isnull": False})
        named = tracks.filter(track=wanted.track) if wanted.track is not None else tracks
        return named.values_list("journey", flat=True)
    steps = JourneyStep.objects.filter(journey__in=journeys, **{f"{column}__isnull": False})
    if wanted.track is not None:
        steps = steps.filter(track__track=wanted.track)
    return (steps.filter(step=wanted.step) if wanted.step is not None else steps).values_list("journey", flat=True)


def _is_call(step_id: int) -> bool:
    """Whether the step is a call: done, it has reached the lead."""
    return Step.objects.filter(pk=step_id, control=Step.Control.CALL).exists()


def _write(journey_id: int, rule: str, options: TimerOptions, anchor: datetime) -> None:
    organisation = Organisation.get()
    moments = options.moments(anchor, set(organisation.holidays), organisation.zone)
    JourneyTimer.objects.bulk_create(
        [
            JourneyTimer(journey_id=journey_id, rule=rule, number=n, anchored_at=anchor, due_at=moment)
            for n, moment in enumerate(moments, start=1)
        ],
        update_conflicts=True, unique_fields=["journey", "rule", "number"], update_fields=["anchored_at", "due_at"],
    )  # fmt: skip


def _dated(journey: Journey, contact: Contact, options: TimerOptions) -> datetime | None:
    """The date that the options count from; a day begins at midnight in the account's zone."""
    value: Any
    if options.anchor == "field":
        value = mirrors.value_of(contact, options.field)
    else:
        steps = JourneyStep.objects.filter(journey=journey, step=options.step, status=JourneyStep.Status.DONE)
        value = steps.values_list("value", flat=True).first()
    if not isinstance(value, str):
        return None
    try:
        if len(value) > 10:
            return datetime.fromisoformat(value)
        return datetime.combine(date.fromisoformat(value), time(), Organisation.get().zone)
    except ValueError:
        return None
