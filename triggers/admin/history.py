"""The history: who did what by hand, in words; of one workflow, or of everything."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from triggers.models import Backfill, Run, Workflow, WorkflowVersion
from triggers.wording import moments, people

# On one page; what is older is one step further.
SHOWN: Final = 100


@dataclass(frozen=True)
class Done:
    """One thing that somebody did: when, who, what, and to which record, where the page is about many."""

    at: datetime
    who: str
    what: str
    detail: str
    about: str
    url: str
    icon: str


def of_workflow(request: HttpRequest, workflow: Workflow) -> dict[str, Any]:
    """What was done to a workflow: published, paused, changed, begun for what already was."""
    return _page(
        request, entries_of(workflow), workflow.versions.all(), workflow.backfills.all(), tells_about=False
    )  # fmt: skip


def of_run(run: Run) -> list[Done]:
    """What was done to a run by hand, newest first."""
    return [_logged(entry, tells_about=False) for entry in entries_of(run).select_related("user")[:SHOWN]]


def entries_of(obj: Any) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(type(obj))
    return LogEntry.objects.filter(content_type=kind, object_id=str(obj.pk))


def history_page(request: HttpRequest) -> HttpResponse:
    """Of everything; `?before=` goes on where a page ended."""
    if not request.user.has_perm("admin.view_logentry"):
        raise PermissionDenied
    everything = _page(
        request, LogEntry.objects.all(), WorkflowVersion.objects.all(), Backfill.objects.all(), tells_about=True
    )  # fmt: skip
    context = {**admin.site.each_context(request), "title": _("History"), "opts": Workflow._meta, **everything}
    return TemplateResponse(request, "admin/triggers/history.html", context)


def _page(
    request: HttpRequest, log: QuerySet[LogEntry], versions: QuerySet[WorkflowVersion], fills: QuerySet[Backfill],
    *, tells_about: bool,
) -> dict[str, Any]:  # fmt: skip
    """The newest before a moment, by day, and the moment where the next page begins."""
    before = parse_datetime(request.GET.get("before", "")[:40].replace(" ", "+")) or None
    rows: list[Done] = []
    for queryset, column, tell in (
        (log.select_related("user", "content_type"), "action_time", _logged),
        (versions.select_related("created_by", "workflow").defer("document"), "created_at", _published),
        (fills.select_related("created_by", "workflow"), "created_at", _filled),
    ):
        some: Any = queryset.filter(**{f"{column}__lt": before}) if before else queryset
        rows += [tell(row, tells_about) for row in some.order_by(f"-{column}")[: SHOWN + 1]]
    rows.sort(key=lambda row: row.at, reverse=True)
    days = [{"heading": heading, "items": list(items)} for heading, items in groupby(rows[:SHOWN], _day)]
    older = rows[SHOWN - 1].at.isoformat() if len(rows) > SHOWN else ""
    return {"days": days, "older": older, "before": before}


def _day(row: Done) -> str:
    return moments.day(row.at)


def _logged(entry: LogEntry, tells_about: bool) -> Done:
    flags = {ADDITION: (_("Added."), "plus"), DELETION: (_("Deleted."), "close")}
    what, icon = flags.get(entry.action_flag, ("", "pencil"))
    url = ""
    if tells_about and entry.action_flag != DELETION and entry.content_type:
        url = people.admin_url(".".join(entry.content_type.natural_key()), entry.object_id)
    told = what or entry.get_change_message()
    return Done(entry.action_time, _name(entry.user), told, "", entry.object_repr if tells_about else "", url, icon)


def _published(version: WorkflowVersion, tells_about: bool) -> Done:
    told = _("Published version %(n)d.") % {"n": version.number}
    about, url = _of(version, tells_about)
    return Done(version.created_at, _name(version.created_by), told, version.note, about, url, "done")


def _filled(fill: Backfill, tells_about: bool) -> Done:
    words = {"n": fill.matching, "state": fill.get_status_display().lower(), "started": fill.started}
    told = _("Asked to start it for %(n)d that matched: %(state)s, %(started)d started.") % words
    about, url = _of(fill, tells_about)
    return Done(fill.created_at, _name(fill.created_by), told, "", about, url, "play")


def _of(row: WorkflowVersion | Backfill, tells_about: bool) -> tuple[str, str]:
    if not tells_about:
        return "", ""
    return row.workflow.name, people.admin_url("triggers.workflow", row.workflow_id)


def _name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("A program")
