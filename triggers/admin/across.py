"""Across workflows: which would message one person twice, which start one another in a circle, and where things are used."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from triggers.models import Workflow
from triggers.wording import words
from triggers.wording.people import admin_url
from triggers.workflows import overlaps, uses


@dataclass(frozen=True)
class Row:
    """One thing that workflows name: what it is called, its page, and each use with what names it there."""

    called: str
    url: str
    is_gone: bool
    uses: list[tuple[Workflow, str]]


def across_page(request: HttpRequest) -> HttpResponse:
    """`?q=` narrows what is used to names that hold these words."""
    if not request.user.has_perm("triggers.view_workflow"):
        raise PermissionDenied
    workflows = list(
        Workflow.objects.exclude(status=Workflow.Status.ARCHIVED).select_related("current").order_by("name")
    )
    query = request.GET.get("q", "").strip()
    twice = overlaps.overlaps(workflows)
    context = {
        **admin.site.each_context(request), "title": _("Across workflows"), "opts": Workflow._meta,
        "count": len(workflows), "query": query, "most": overlaps.MOST if len(twice) == overlaps.MOST else 0,
        "twice": [(words.event_label(each.event), each.one, each.other) for each in twice],
        "circles": overlaps.circles(workflows), "groups": _groups(workflows, query),
    }  # fmt: skip
    return TemplateResponse(request, "admin/triggers/across.html", context)


def _groups(workflows: list[Workflow], query: str) -> list[tuple[Any, list[Row]]]:
    """By kind of thing; those without a row left are left out."""
    wanted = query.casefold()
    groups = [
        (thing.label, [_row(thing, each) for each in named if wanted in each.called.casefold()])
        for thing, named in uses.where_used(workflows)
    ]
    return [(label, rows) for label, rows in groups if rows]


def _row(thing: uses.Thing, named: uses.Named) -> Row:
    places = [(use.workflow, _place(use.kind)) for use in named.uses]
    return Row(named.called, admin_url(thing.model, named.pk), named.pk is None, places)


def _place(kind: str) -> str:
    """What names it there: an event, an action, or a condition."""
    if not kind:
        return _("a condition")
    event = words.event_label(kind)
    return event if event != kind else words.action_label(kind)
