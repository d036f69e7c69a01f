"""Opening waves: what opens together, told in three layers, each with its workflows run before the next.

First the map, then its tracks, then their steps: a flex trigger on one of the first two takes a step
away before it is ever told (maps, rules 3 to 8).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from pipelines.maps import telling
from pipelines.models import Journey, JourneyStep, JourneyTrack, Step, Track

if TYPE_CHECKING:
    from pipelines.maps.act import Act


def open_first(act: "Act") -> None:
    """The map and its first tracks."""
    assert act.journey is not None
    _open(act, together(list(_tracks(act.journey))), with_map=True)


def open_next(act: "Act", after: JourneyTrack) -> None:
    """What follows a task track that has closed; nothing after the last."""
    assert act.journey is not None
    tracks = following(act.journey, after)
    if tracks:
        _open(act, together(tracks))


def following(journey: Journey, after: JourneyTrack) -> list[Track]:
    """The tracks of the map, as it is defined now, that come after this one and have not opened yet."""
    opened = set(journey.tracks.values_list("track", flat=True))
    ahead = [track for track in _tracks(journey) if track.pk not in opened]
    place = Track.objects.values_list("position", "pk").get(pk=after.track_id)
    return [track for track in ahead if (track.position, track.pk) > place]


def together(tracks: Sequence[Track]) -> list[Track]:
    """The tracks that open at once: videos, and with them the first that is none."""
    found = []
    for track in tracks:
        found.append(track)
        if track.kind != Track.Kind.VIDEO:
            break
    return found


def open_steps(journey: Journey | None) -> QuerySet[JourneyStep]:
    """The steps to do, in the order of the map."""
    steps = JourneyStep.objects.filter(journey=journey, status=JourneyStep.Status.OPEN)
    open_tracks = steps.filter(track__status=JourneyTrack.Status.OPEN)
    return open_tracks.select_related("track").order_by("track__position", "position")


def open_task_track(journey: Journey) -> JourneyTrack | None:
    return journey.tracks.filter(status=JourneyTrack.Status.OPEN).exclude(kind=Track.Kind.VIDEO).first()


def note_ready(journey: Journey, now: datetime) -> None:
    """Flags the journey where nothing is left that could hold it up: its lead can be closed."""
    if journey.ready_at is not None or open_task_track(journey) is not None:
        return
    last = journey.tracks.order_by("-position").first()
    ahead = following(journey, last) if last is not None else []
    if any(track.kind != Track.Kind.VIDEO for track in ahead):
        return
    had_tasks = journey.tracks.exclude(kind=Track.Kind.VIDEO).exists()
    if had_tasks or not journey.tracks.filter(status=JourneyTrack.Status.OPEN).exists():
        journey.ready_at = now
        journey.save(update_fields=["ready_at"])


def _tracks(journey: Journey) -> QuerySet[Track]:
    return journey.map.tracks.filter(deleted_at=None).order_by("position", "pk")


def _open(act: "Act", tracks: list[Track], *, with_map: bool = False) -> None:
    journey = act.journey
    assert journey is not None
    journey.waves += 1
    journey.save(update_fields=["waves"])
    if with_map:
        act.tell([telling.map_opened(journey)])
    base = journey.tracks.count()
    opened = JourneyTrack.objects.bulk_create(
        JourneyTrack(
            journey=journey, track=track, name=track.name, kind=track.kind, position=base + n, wave=journey.waves,
            opened_at=act.now,
        )
        for n, track in enumerate(tracks)
    )  # fmt: skip
    act.touched |= {track.pk for track in opened}
    act.tell([telling.track_opened(journey, track) for track in opened])
    _open_steps(act, journey, opened)


def _open_steps(act: "Act", journey: Journey, tracks: Sequence[JourneyTrack]) -> None:
    # What a workflow chose may have been undone with it; the row knows.
    journey.refresh_from_db(fields=["kept"])
    place = {track.track_id: track for track in tracks}
    defined = Step.objects.filter(track__in=place, deleted_at=None).order_by("position", "pk")
    rows = [_row(act, journey, place[step.track_id], step) for step in defined]
    rows.sort(key=lambda row: row.track.position)
    for position, row in enumerate(rows):
        row.position = position
    steps = JourneyStep.objects.bulk_create(rows)
    opened = [step for step in steps if step.status == JourneyStep.Status.OPEN]
    act.fresh |= {step.pk for step in opened if step.mirrors}
    act.tell([telling.step_opened(journey, step) for step in opened])


def _row(act: "Act", journey: Journey, track: JourneyTrack, step: Step) -> JourneyStep:
    kept = journey.kept.get(str(step.track_id))
    is_kept = kept is None or step.pk in kept
    return JourneyStep(
        journey=journey, track=track, step=step, name=step.name, control=step.control, choices=step.choices,
        mirrors=step.mirrors, required=step.required, position=0,
        status=JourneyStep.Status.OPEN if is_kept else JourneyStep.Status.REMOVED,
        opened_at=act.now if is_kept else None,
    )  # fmt: skip
