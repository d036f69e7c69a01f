"""The drawing of a workflow as SVG, and what the page that shows it needs besides."""

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers.admin.flow import layout
from triggers.admin.flow.counts import Counts
from triggers.admin.flow.points import Point, flattened, points

# The width of one lane: beside a form, and on a page of its own, where two fit a phone.
NARROW: Final = 119
WIDE: Final = 155


def flow_svg(document: Any, counts: Counts | None = None, lane: int = NARROW, page: str = "") -> SafeString:
    """The document drawn, whatever JSON it is; each box links to `#card-<uid>` on this page, or on `page`."""
    return _drawn(*points(document, counts), lane, page)


def flow_context(
    document: Any, counts: Counts | None = None, lane: int = NARROW, page: str = ""
) -> dict[str, Any]:  # fmt: skip
    """For `admin/triggers/workflow/flow.html`: the drawing, the same as a list, and its trouble in words."""
    starts, line = points(document, counts)
    return {
        "flow": _drawn(starts, line, lane, page),
        "flow_page": page,
        "flow_points": [*((0, "", start) for start in starts), *flattened(line)],
        "flow_trouble": _trouble(counts) if counts else "",
        "flow_counted": counts is not None,
    }


def _drawn(starts: list[Point], line: list[Point], lane: int, page: str) -> SafeString:
    plan = layout.lay_out(starts, line, lane)
    return render_to_string(
        "admin/triggers/workflow/flow.svg", {"plan": plan, "pad": layout.PAD, "flow_page": page}
    )  # fmt: skip


def _trouble(counts: Counts) -> str:
    """31 waiting, 3 failed."""
    waiting, failed = sum(counts.waiting.values()), sum(counts.failed.values())
    parts = []
    if waiting:
        parts.append(ngettext("%(n)d waiting", "%(n)d waiting", waiting) % {"n": waiting})
    if failed:
        parts.append(ngettext("%(n)d failed", "%(n)d failed", failed) % {"n": failed})
    return ", ".join(parts) or _("no trouble")
