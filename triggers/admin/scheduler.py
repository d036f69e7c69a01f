"""The scheduler: what the clock is asked about, when it last was, and what comes next for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from triggers import clock
from triggers.admin.firings import ahead
from triggers.models import Heartbeat, Scan, Trigger, Workflow
from triggers.wording.look import pill
from triggers.wording.people import admin_url

OTHERS: Final = {"triggers.sweep": "sweep", "triggers.purge": ""}


@dataclass(frozen=True)
class Job:
    """One entry of the clock. `waiting` are the live triggers that wait for it; None where none could."""

    label: str
    waiting: int | None
    last: datetime | None
    next: datetime | None
    state: SafeString
    is_trouble: bool
    url: str


def scheduler_page(request: HttpRequest) -> HttpResponse:
    """For whoever may see workflows."""
    if not request.user.has_perm("triggers.view_workflow"):
        raise PermissionDenied
    now = timezone.now()
    jobs = _jobs(now, may_change=request.user.has_perm("django_celery_beat.change_periodictask"))
    waited = [job for job in jobs if job.waiting]
    context = {
        **admin.site.each_context(request), "title": _("Scheduler"), "opts": Workflow._meta,
        "general": [job for job in jobs if job.waiting is None], "waited": waited,
        "idle": [job for job in jobs if job.waiting == 0], "trouble": [job for job in jobs if job.is_trouble],
        "broken": _broken(), **ahead(now),
    }  # fmt: skip
    return TemplateResponse(request, "admin/triggers/scheduler.html", context)


def _jobs(now: datetime, may_change: bool) -> list[Job]:
    """Sweep and purge first, then the time-based types by name; in three queries."""
    entries = list(PeriodicTask.objects.select_related("interval", "crontab").filter(task__startswith="triggers."))
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    live = Trigger.objects.filter(kind=Trigger.Kind.START).order_by().values_list("event_type")
    waiting = dict(live.annotate(Count("pk")))
    by_key = {(entry.task, entry.args): entry for entry in entries}
    jobs = [
        _job(entry.name, entry, beats.get(OTHERS[entry.task]), None, now, may_change)
        for entry in entries
        if entry.task in OTHERS
    ]
    for kind in sorted(clock.timed(), key=lambda kind: str(kind.label)):
        entry = by_key.get(("triggers.scan", clock.arguments(kind)))
        beat = beats.get(f"scan {kind.key}")
        jobs.append(_job(str(kind.label), entry, beat, waiting.get(kind.key, 0), now, may_change))
    return jobs


def _job(
    label: str, entry: Any, beat: datetime | None, waiting: int | None, now: datetime, may_change: bool
) -> Job:  # fmt: skip
    last = beat or (entry.last_run_at if entry else None)
    expected = _next(entry, last, now) if entry and entry.enabled else None
    is_late = last is None or (expected is not None and now - expected > clock.LATE)
    if entry is None or not entry.enabled:
        state, trouble = pill("disabled", _("Switched off")), waiting != 0
    elif waiting == 0:
        state, trouble = pill("missed", _("Nobody waits for it")), False
    elif is_late:
        state, trouble = pill("failed", _("Late") if last else _("Never ran")), last is not None or waiting is not None
    else:
        state, trouble = pill("ok", _("On time")), False
    url = admin_url("django_celery_beat.periodictask", entry.pk) if entry and may_change else ""
    return Job(label, waiting, last, max(expected, now) if expected else None, state, trouble, url)


def _next(entry: Any, last: datetime | None, now: datetime) -> datetime | None:
    """When its schedule comes up after the last time, which may be past; None for the rarer kinds of schedule."""
    if last is None:
        return now
    if entry.interval:
        due: datetime = last + entry.interval.schedule.run_every
        return due
    return now + entry.crontab.schedule.remaining_estimate(last) if entry.crontab else None


def _broken() -> Sequence[Any]:
    """Workflows whose triggers the clock could not ask, with why."""
    errors = dict(Scan.objects.exclude(error="").values_list("workflow_id", "error")[:20])
    found: Any = Workflow.objects.filter(pk__in=errors, triggers__kind="start").distinct().order_by("name")
    return [{"workflow": workflow, "error": errors[workflow.pk]} for workflow in found]
