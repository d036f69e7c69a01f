"""An open opportunity has stood still for so many days."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from pydantic import Field, model_validator

from pipelines.deals.stale import Rule, Stale, stale
from pipelines.deals.telling import DealOptions, Names, Told, chosen_in_words, every, narrow
from triggers.event_types import Due, Occurrence, event

MOST = 50
CLOCKS = {
    "stage": gettext_lazy("in the same stage"), "change": gettext_lazy("without a change"),
    "activity": gettext_lazy("without activity"),
}  # fmt: skip


class StaleOptions(DealOptions):
    """After how many days by which clock, how often again, and for which deals.

    `stage` counts from when the deal came into its stage, `change` from its last change, `activity` from the last
    change or the last that happened with its contact. With `by_stage` the days stand for stages that have none of
    their own; null leaves those out. Without `repeat_every` it is told once for each spell.
    """

    days: int | None = Field(default=14, ge=1, le=3650, title=gettext_noop("After so many days"))
    by_stage: bool = Field(default=False, title=gettext_noop("Each stage's own days count"))
    clock: Literal["stage", "change", "activity"] = Field(
        default="stage",
        title=gettext_noop("Counted from"),
        json_schema_extra={
            "labels": {
                "stage": gettext_noop("The day it came to its stage"),
                "change": gettext_noop("The last change"),
                "activity": gettext_noop("The last thing that happened"),
            }
        },
    )
    repeat_every: int | None = Field(default=None, ge=1, le=365, title=gettext_noop("Again every so many days"))
    repeat_most: int = Field(default=10, ge=1, le=MOST, title=gettext_noop("At most so often in all"))
    not_while_tasks: bool = Field(default=False, title=gettext_noop("Not while the contact has an open task"))

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.days is None and not self.by_stage:
            raise ValueError(_("Enter after how many days, or let each stage's own days count."))
        if set(self.statuses) - {"open"}:
            raise ValueError(_("Only open opportunities become stale; leave the status out."))
        return self

    def in_words(self) -> str:
        """Such as: after 14 days without activity, again every 7 days, 10 times at most."""
        again = ngettext("again every day", "again every %(days)s days", self.repeat_every or 0)
        most = ngettext("%(times)s time at most", "%(times)s times at most", self.repeat_most)
        said = [
            _("after %(days)s %(clock)s") % {"days": self._days_in_words(), "clock": str(CLOCKS[self.clock])},
            again % {"days": self.repeat_every} if self.repeat_every else "",
            most % {"times": self.repeat_most} if self.repeat_every else "",
            _("not while the contact has an open task") if self.not_while_tasks else "",
            *chosen_in_words(self),
        ]
        return ", ".join(filter(None, said))

    def _days_in_words(self) -> str:
        days = ngettext("%(days)s day", "%(days)s days", self.days or 0) % {"days": self.days}
        if not self.by_stage:
            return days
        return _("its stage's own days, else %(days)s,") % {"days": days} if self.days else _("its stage's own days")

    @property
    def rule(self) -> Rule:
        return Rule(
            self.days, self.by_stage, self.clock, self.repeat_every, self.repeat_most if self.repeat_every else 1,
            self.not_while_tasks, tuple(self.pipelines), tuple(self.stages),
        )  # fmt: skip


@event("opportunity.stale", label=gettext_lazy("Opportunity stale"), section="Opportunity Triggers")
class OpportunityStale(Told, Due):
    """An open opportunity has stood still for so many days: once for each spell, or again and again.

    A spell ends with the next move, change or activity, whichever the trigger counts from. `nth_alert` is 1 for the
    first time. With `not_while_tasks` a deal that became stale meanwhile is told of when the last task is done or gone.
    """

    Options = StaleOptions

    days_stale: int
    stage_entered_at: datetime
    last_activity_at: datetime
    nth_alert: int

    def subject(self) -> tuple[str, int | None]:
        return "pipelines.opportunity", self.opportunity_id

    @classmethod
    def due(cls, options: StaleOptions, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        found = list(stale(options.rule, since, until))
        names = Names(each.row for each in found)
        for each in found:
            yield Occurrence(cls.model_validate(_told(each, names)), each.moment, each.key)

    @classmethod
    def narrow(cls, options: StaleOptions) -> dict[str, Any] | None:
        return every(narrow(options))


def _told(each: Stale, names: Names) -> dict[str, Any]:
    row = each.row
    plain = {name: row[name] for name in Told.model_fields if name in row}
    return {
        **plain, **names.told({**row, "lost_reason_id": None}), "opportunity_id": row["pk"],
        "days_stale": each.days, "stage_entered_at": row["entered_stage_at"],
        "last_activity_at": row["last_activity_at"], "nth_alert": each.nth,
    }  # fmt: skip
