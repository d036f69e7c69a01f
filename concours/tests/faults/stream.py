"""A steady stream of events for a fleet, how many of them were dealt with, and how long it takes to ask what is open."""

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from concours.tests.faults import workload
from contacts.models import Tag
from triggers.models import Event, Run
from triggers.tests import make


def prepare() -> None:
    make.workflow(make.action("a", "contact.adjust_score", points=1), name="Stream")
    Tag.objects.create(name="stream")
    workload.set_sweep(1)


def flow(prefix: str, seconds: float, rate: float) -> dict[str, Any]:
    """So many changes a second; runs done a second within the span, and how long each look at the open rows took."""
    tag, looks, began, start = Tag.objects.get(), [], time.monotonic(), timezone.now()
    for number in range(int(seconds * rate)):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        workload.change(f"{prefix}-{number}", tag)
        if number % 5 == 0:
            looked = time.monotonic()
            Event.objects.filter(matched_at=None).exists()
            Run.objects.filter(status__in=Run.QUEUED, due_at__lte=timezone.now()).exists()
            looks.append(time.monotonic() - looked)
    span = timedelta(seconds=time.monotonic() - began)
    done = Run.objects.filter(finished_at__gt=start, finished_at__lte=start + span).count()
    return {"per_s": done / span.total_seconds(), "looks": looks}
