"""Whether a pipeline, a stage or a reason may be deleted: only where no deal needs it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pipelines.models import LostReason, Opportunity, Pipeline, Stage


def why_not(row: Pipeline | Stage | LostReason) -> str:
    """Why it cannot be deleted, and what to do first; empty where it can."""
    if isinstance(row, LostReason):
        count = Opportunity.objects.filter(lost_reason=row).count()
        return _told(count, row, _("Give them another reason first."))
    if isinstance(row, Stage):
        count = Opportunity.objects.filter(pipeline=row.pipeline_id, stage=row).count()
        return _told(count, row, _("Move them to another stage first."))
    count = Opportunity.objects.filter(pipeline=row).count()
    return _told(count, row, _("Move them to another pipeline first."))


def why_not_any(rows: Iterable[Pipeline | Stage | LostReason]) -> list[str]:
    return [why for row in rows if (why := why_not(row))]


def _told(count: int, row: object, then: str) -> str:
    if not count:
        return ""
    words = {"name": row, "n": count}
    held = ngettext("“%(name)s” holds %(n)d opportunity.", "“%(name)s” holds %(n)d opportunities.", count) % words
    return f"{held} {then}"
