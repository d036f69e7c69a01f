"""How staff change a map: tracks and steps added behind the others, moved, and removed. Leads keep what they have."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from pipelines.models import Journey, JourneyStep, JourneyTrack, Map, Step, Track, Video

Element = Track | Step


def siblings(element: Element) -> list[Any]:
    """The elements it stands among, in order."""
    rows: Any = (
        Track.objects.filter(map=element.map_id)
        if isinstance(element, Track)
        else Step.objects.filter(track=element.track_id)
    )
    return list(rows.filter(deleted_at=None).order_by("position", "pk"))


@transaction.atomic
def add(element: Element) -> None:
    """Saves a new one behind the last."""
    rows = siblings(element)
    element.position = rows[-1].position + 1 if rows else 0
    element.save()


def move(element: Element, by: int) -> int:
    """Moves it up (-1) or down (1) among its own; its new place, counted from 1."""
    return place(element, siblings(element).index(element) + by + 1)


@transaction.atomic
def place(element: Element, at: int) -> int:
    """Puts it at this place among its own, counted from 1, or at the nearest there is; which that was."""
    rows = siblings(element)
    at = min(max(at, 1), len(rows))
    rows.insert(at - 1, rows.pop(rows.index(element)))
    _number(rows)
    return at


def _number(rows: Sequence[Any]) -> None:
    for position, row in enumerate(rows):
        row.position = position
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["position"])


def is_used(element: Element) -> bool:
    """Whether a lead has got to it: its kind and control stay as they are then."""
    if isinstance(element, Track):
        return JourneyTrack.objects.filter(track=element).exists()
    return JourneyStep.objects.filter(step=element).exists()


def standing_in(target: Map) -> dict[int, int]:
    """How many leads stand in each track of the map, by track."""
    rows = JourneyTrack.objects.filter(
        journey__map=target, journey__status=Journey.Status.OPEN, journey__is_current=True,
        status=JourneyTrack.Status.OPEN,
    )  # fmt: skip
    return dict(rows.order_by().values_list("track").annotate(Count("pk")))


@transaction.atomic
def save_video(video: Video) -> None:
    """Saves a video of the library; the steps that show it follow to its new address."""
    was = Video.objects.filter(pk=video.pk).values_list("url", flat=True).first()
    video.save()
    if was is not None and was != video.url:
        Step.objects.filter(video_url=was).update(video_url=video.url)
