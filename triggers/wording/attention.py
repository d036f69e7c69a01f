"""Which runs need a person: those that failed, those nobody is sure of, those that are held."""

from datetime import datetime

from django.db.models import Q, QuerySet

from triggers.indexing import one_of
from triggers.models.run import Run

# As the condition of the index `run_attention` says it.
STUCK = one_of("status", Run.Status.HELD, Run.Status.UNCERTAIN)


def failures() -> QuerySet[Run]:
    """Every failed, uncertain and held run."""
    return Run.objects.filter(Q(status=Run.Status.FAILED) | STUCK)


def stuck() -> QuerySet[Run]:
    """What is still to be decided or repaired, whenever it began."""
    return Run.objects.filter(STUCK)


def failed(since: datetime) -> QuerySet[Run]:
    """What failed since then."""
    return Run.objects.filter(status=Run.Status.FAILED, finished_at__gte=since)
