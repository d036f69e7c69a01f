"""Where a lead stands in its map, as its page shows it: tracks, the steps to do, and what advancing means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.custom.definitions import Definitions, definitions
from pipelines.maps import controls, timers, waves
from pipelines.maps.controls import Control
from pipelines.models import Journey, JourneyStep, JourneyTrack, Track
from triggers.wording import moments

Status = JourneyStep.Status
MISSING: Final = {"email": gettext_lazy("e-mail"), "phone": gettext_lazy("phone")}


@dataclass
class StepShown:
    """One step on the page. `refused` is why what was posted for it was not taken."""

    row: JourneyStep
    control: Control
    said: str
    refused: str = ""
    attempts: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.row.status == Status.OPEN and self.row.track.status == JourneyTrack.Status.OPEN

    @property
    def is_done(self) -> bool:
        return self.row.status == Status.DONE


@dataclass
class TrackShown:
    """One track of the map: `state` is closed, open, ready, video or ahead; `number` counts task tracks."""

    name: str
    state: str
    note: str
    number: int | None
    kind: str
    row: JourneyTrack | None = None
    steps: list[StepShown] = field(default_factory=list)

    @property
    def todo(self) -> list[StepShown]:
        return [step for step in self.steps if step.is_open]

    @property
    def done(self) -> list[StepShown]:
        return [step for step in self.steps if step.is_done]

    @property
    def percent(self) -> int:
        videos = [100 if step.is_done else step.row.percent for step in self.steps]
        return round(sum(videos) / len(videos)) if videos else 0


@dataclass
class Standing:
    """The journey of one lead. `advance` says what moving on does; empty where it is not possible now."""

    journey: Journey
    tracks: list[TrackShown]
    now: datetime
    ahead: list[Track]

    @property
    def task(self) -> TrackShown | None:
        return next((track for track in self.tracks if track.state in ("open", "ready")), None)

    @property
    def videos(self) -> list[TrackShown]:
        return [track for track in self.tracks if track.kind == Track.Kind.VIDEO and track.row is not None]

    @property
    def next_name(self) -> str:
        following = [track for track in self.ahead if track.kind != Track.Kind.VIDEO] or self.ahead
        return following[0].name if following else ""

    @property
    def required(self) -> list[StepShown]:
        return [step for step in self.task.todo if step.row.required] if self.task else []

    @property
    def left(self) -> list[StepShown]:
        return self.task.todo if self.task else []

    @property
    def can_advance(self) -> bool:
        held_up = self.task is None and bool(self.ahead) and self.journey.ready_at is None
        return self.journey.is_open and (held_up or (self.task is not None and not self.required))

    @property
    def advance_label(self) -> str:
        if self.next_name:
            return _("Advance to %(track)s") % {"track": self.next_name}
        return _("Finish track")

    @property
    def advance_note(self) -> str:
        """What advancing leaves undone, or why it is not possible yet."""
        if self.required:
            n = len(self.required)
            return ngettext("Advancing is possible once the required step is done.",
                            "Advancing is possible once the %(n)d required steps are done.", n) % {"n": n}  # fmt: skip
        if self.left:
            names = ", ".join(_("“%(step)s”") % {"step": step.row} for step in self.left)
            return ngettext("%(steps)s will be left undone for good.", "%(steps)s will be left undone for good.",
                            len(self.left)) % {"steps": names}  # fmt: skip
        return _("Nothing is left to do here.")

    @property
    def day(self) -> int:
        """The day of the journey, its first being 1."""
        zone = timezone.get_current_timezone()
        until = self.journey.closed_at or self.journey.left_at or self.now
        return (until.astimezone(zone).date() - self.journey.opened_at.astimezone(zone).date()).days + 1

    @property
    def missing(self) -> list[str]:
        """What the lead lacks to be complete."""
        contact = self.journey.contact
        lacking = [] if contact.name else [_("name")]
        return lacking + [str(MISSING[name]) for name in timers.ESSENTIAL if not getattr(contact, name)]

    @property
    def sentence(self) -> SafeString | str:
        return _sentence(self)


def of(journey: Journey, now: datetime, refused: tuple[str, str, Any] | None = None) -> Standing:
    """Where the journey stands. `refused` is a step's number, why it was refused, and the form that was posted."""
    known = definitions()
    rows = list(journey.tracks.all())
    steps = list(journey.steps.select_related("step", "track").order_by("track__position", "position"))
    ahead = waves.following(journey, rows[-1]) if rows and journey.is_open else []
    shown: list[TrackShown] = []
    for row in rows:
        mine = [_shown(step, journey, known, refused) for step in steps if step.track_id == row.pk]
        shown.append(_opened(row, [each for each in mine if each.row.status != Status.REMOVED]))
    shown += [_ahead(track, place) for place, track in enumerate(ahead)]
    number = 0
    for track in shown:
        if track.kind != Track.Kind.VIDEO:
            number += 1
            track.number = number
    return Standing(journey, shown, now, ahead)


def _shown(step: JourneyStep, journey: Journey, known: Definitions, refused: tuple[str, str, Any] | None) -> StepShown:
    control = controls.of(step, journey.contact, known)
    why = ""
    if refused is not None and refused[0] == str(step.pk):
        why, control = refused[1], controls.refilled(control, refused[2])
    attempts = [(datetime.fromisoformat(each["at"]), each.get("said", "")) for each in step.attempts]
    return StepShown(step, control, controls.words(step, known), why, attempts)


def _opened(row: JourneyTrack, steps: list[StepShown]) -> TrackShown:
    shown = TrackShown(row.name, "closed", "", None, row.kind, row, steps)
    done = len(shown.done)
    if row.status == JourneyTrack.Status.CLOSED:
        shown.note = _("Closed %(day)s") % {"day": _day(row.closed_at)}
        if row.is_video:
            shown.note = _("Video, watched")
    elif row.is_video:
        shown.state, shown.note = "video", _("Video, %(n)d %% watched") % {"n": shown.percent}
    elif any(step.row.required for step in shown.todo):
        shown.state, shown.note = "open", _("Open, %(done)d of %(all)d done") % {"done": done, "all": len(steps)}
    else:
        left = len(shown.todo)
        shown.state = "ready"
        shown.note = ngettext("Ready, %(n)d optional left", "Ready, %(n)d optional left", left) % {"n": left}
    return shown


def _ahead(track: Track, place: int) -> TrackShown:
    if track.kind == Track.Kind.VIDEO:
        return TrackShown(track.name, "video", _("Video, later"), None, track.kind)
    return TrackShown(track.name, "ahead", _("Opens next") if place == 0 else _("Later"), None, track.kind)


def _day(moment: datetime | None) -> str:
    return moments.short_day(timezone.localtime(moment).date()) if moment else ""


def _sentence(at: Standing) -> SafeString | str:
    """What is left to do, first of all."""
    journey, task = at.journey, at.task
    if not journey.is_current:
        day = formats.date_format(timezone.localtime(journey.left_at), "DATE_FORMAT") if journey.left_at else ""
        return _("The lead left this map on %(day)s.") % {"day": day}
    if journey.status == Journey.Status.CLOSED:
        words = {"outcome": journey.get_outcome_display().lower(), "day": _day(journey.closed_at)}
        said = _("Closed as %(outcome)s %(day)s.") % words
        return f"{said} {journey.reason}".strip()
    if task is None:
        if at.can_advance:
            return format_html(_("No track is open. <strong>{}</strong> to go on."), at.advance_label)
        if journey.ready_at is not None:
            return _("Everything is done. Close the lead as won or lost when that is decided.")
        return _("Only videos are left to watch.")
    if at.required:
        return _required(at, task)
    return _optional(at, task)


def _required(at: Standing, task: TrackShown) -> SafeString:
    n = len(at.required)
    left = ngettext("One required step", "%(n)d required steps", n) % {"n": n}
    if at.next_name:
        said = ngettext("<strong>{}</strong> is open. <strong>{}</strong> is left before {}.",
                        "<strong>{}</strong> is open. <strong>{}</strong> are left before {}.", n)  # fmt: skip
        return format_html(said, task.name, left, at.next_name)
    said = ngettext("<strong>{}</strong> is open, the last track. <strong>{}</strong> is left.",
                    "<strong>{}</strong> is open, the last track. <strong>{}</strong> are left.", n)  # fmt: skip
    return format_html(said, task.name, left)


def _optional(at: Standing, task: TrackShown) -> SafeString:
    n = len(at.left)
    left = ngettext("One optional step is left", "%(n)d optional steps are left", n) % {"n": n}
    label = at.advance_label[:1].lower() + at.advance_label[1:]
    said = _("Everything required in <strong>{}</strong> is done. {}; <strong>{}</strong> when you are ready.")
    return format_html(said, task.name, left, label)


def current_of(contacts: Sequence[int]) -> dict[int, Journey]:
    """The journeys in which these leads stand, by contact."""
    rows = Journey.objects.filter(contact__in=contacts, is_current=True).select_related("map", "contact")
    return {row.contact_id: row for row in rows}
