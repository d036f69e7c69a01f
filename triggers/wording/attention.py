"""Which runs need a person: those that failed, those nobody is sure of, those that are held."""

from datetime import datetime

from django.db.models import QuerySet

from triggers.models.run import Run

STUCK = (Run.Status.HELD, Run.Status.UNCERTAIN)


def failures() -> QuerySet[Run]:
    """Every failed, uncertain and held run."""
    return Run.objects.filter(status__in=[Run.Status.FAILED, *STUCK])


def stuck() -> QuerySet[Run]:
    """What is still to be decided or repaired, whenever it began."""
    return Run.objects.filter(status__in=STUCK)


def failed(since: datetime) -> QuerySet[Run]:
    """What failed since then."""
    return Run.objects.filter(status=Run.Status.FAILED, finished_at__gte=since)


def count(since: datetime) -> int:
    """How many runs are stuck, or failed since then. Each of the two has an index of its own."""
    return stuck().count() + failed(since).count()
