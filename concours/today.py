"""Today: what needs a person, in the order in which it should be looked at."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.admin import coming
from concours import health
from contacts.todo import agenda
from triggers import clock, sweeping
from triggers.admin import chart
from triggers.models import Run
from triggers.models.run import ActionRun
from triggers.wording import attention, moments, people, sentences
from triggers.workflows import document

LATEST: Final = 5
MOST: Final = 200
DAYS: Final = 14
# The width of one day, in the units of the chart.
STEP: Final = 42


def gather(request: HttpRequest) -> dict[str, Any]:
    """What the page shows of what this person may see."""
    now = timezone.now()
    local = timezone.localtime(now)
    heading = f"{formats.date_format(local, 'l')}, {formats.date_format(local, 'MONTH_DAY_FORMAT')}"
    found: dict[str, Any] = {
        "heading": heading, "tasks": _tasks(request), "appointments": coming.mine_today(request, now),
    }  # fmt: skip
    if request.user.has_perm("triggers.view_run"):
        both = (attention.stuck(), attention.failed(now - timedelta(days=1)))
        runs = [run for each in both for run in each.select_related("workflow").order_by("-id")[:MOST]]
        decisions = [run for run in runs if run.status == Run.Status.UNCERTAIN]
        failures = sorted((run for run in runs if run not in decisions), key=lambda run: -run.pk)
        found |= {
            "sentence": _sentence(len(failures), len(decisions)), "strip": _strip(now, failures),
            "decisions": _told(decisions[:LATEST]), "failures": _told(failures[:LATEST]),
            "failures_count": len(failures), "bars": _bars(now), "sees_runs": True,
            "operates": request.user.has_perm("triggers.operate_run"), "chart_width": DAYS * STEP,
        }  # fmt: skip
    return found


def _sentence(failed: int, undecided: int) -> str:
    running = health.sweep().ok
    parts = [_("Automation is running.") if running else _("Automation stands still: no worker has swept of late.")]
    if failed:
        parts.append(ngettext("%(n)d run failed or is held.", "%(n)d runs failed or are held.", failed) % {"n": failed})
    if undecided:
        told = ngettext("%(n)d needs your decision.", "%(n)d need your decision.", undecided)
        parts.append(told % {"n": undecided})
    return " ".join(parts)


def _strip(now: datetime, failures: list[Run]) -> list[dict[str, Any]]:
    midnight = chart.first_moment(now, 1)
    started = Run.objects.filter(created_at__gte=midnight).exclude(status=Run.Status.SKIPPED).count()
    waiting = Run.objects.filter(status=Run.Status.WAITING).aggregate(n=Count("pk"), next=Min("due_at"))
    wakes = _("Next wakes %(moment)s") % {"moment": moments.short(waiting["next"], now)} if waiting["next"] else ""
    failed = [run for run in failures if run.status == Run.Status.FAILED]
    late = sweeping.oldest_due(now).total_seconds()
    return [
        {"label": _("Started today"), "value": started},
        {"label": _("Waiting"), "value": waiting["n"], "note": wakes},
        {"label": _("Failed, 24 hours"), "value": len(failed), "bad": bool(failed), "note": _workflows(failed)},
        {"label": _("Oldest due"), "value": moments.lasted(late) if late >= 1 else _("0 s"),
         "note": _("Normal is under 10 s")},
        _scheduler(),
    ]  # fmt: skip


def _scheduler() -> dict[str, Any]:
    beat, alive = clock.since("sweep"), health.sweep().ok
    ago = _("Last tick %(span)s ago") % {"span": moments.lasted(beat.total_seconds())} if beat else _("Never ran")
    value = _("Alive") if alive else _("Silent")
    return {"label": _("Scheduler"), "value": value, "state": "ok" if alive else "failed", "note": ago}


def _workflows(failed: list[Run]) -> str:
    count = len({run.workflow_id for run in failed})
    return ngettext("%(n)d workflow", "%(n)d workflows", count) % {"n": count} if count else ""


def _told(runs: list[Run]) -> list[dict[str, Any]]:
    """Each run with its contact's name and the action it stands at, in two queries for all."""
    names = people.contact_names(run.contact_id for run in runs)
    rows = ActionRun.objects.filter(run__in=runs, uid__in={run.at for run in runs})
    standing = {(row.run_id, row.uid): row for row in rows}
    told = []
    for run in runs:
        done = standing.get((run.pk, run.at))
        node = document.of_version(run.version_id).nodes.get(run.at) if done else None
        title = sentences.title(done.action, done.config, node.name if node else "") if done else ""
        told.append({"run": run, "contact": names.get(run.contact_id or 0, ""), "action": title})
    return told


def _tasks(request: HttpRequest) -> dict[str, Any]:
    if not request.user.has_perm("contacts.view_task"):
        return {}
    mine = agenda.mine(request.user.pk)
    return {"count": mine.count(), "rows": list(mine[:LATEST])}


def _bars(now: datetime) -> list[chart.Bar]:
    """Fourteen days of runs that started, and of those how many failed."""
    first = chart.first_moment(now, DAYS)
    recent = Run.objects.filter(created_at__gte=first).exclude(status=Run.Status.SKIPPED).order_by()
    by_day = recent.annotate(day=TruncDate("created_at")).values_list("day")
    started = dict(by_day.annotate(n=Count("pk")))
    failed = dict(by_day.filter(status=Run.Status.FAILED).annotate(n=Count("pk")))
    return chart.bars(now, DAYS, started, failed, STEP)
