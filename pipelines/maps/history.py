"""What the contact's timeline tells of maps beside their events: videos watched after the lead was closed."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts import timeline
from contacts.timeline import Item, Source
from pipelines.models import JourneyStep


def register() -> None:
    timeline.sources["videos"] = Source(("changes",), "watched_at", _rows, _items)


def _rows(contact_id: int, _kind: str) -> QuerySet[JourneyStep]:
    return JourneyStep.objects.filter(journey__contact=contact_id, watched_at__isnull=False).select_related("journey")


def _items(steps: list[JourneyStep], rank: int) -> Iterator[Item]:
    for step in steps:
        assert step.watched_at is not None
        url = reverse("admin:pipelines_journey_change", args=[step.journey_id])
        what = _("watched a video after the lead was closed")
        yield Item((step.watched_at, rank, step.pk), "play", "", "", what, step.name, url)
