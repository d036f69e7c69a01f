"""Sets and clears fields of the run's opportunity."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_update import FieldUpdate
from pipelines import services
from pipelines.deals import cleaning, run_deal
from triggers.action_types import action
from triggers.problems import Problem
from triggers.run_context import RunContext

ALWAYS_SET = ("currency", "status")


@action(
    "opportunity.update",
    label=gettext_lazy("Update opportunity"),
    section="Opportunities",
    may_cause=("opportunity.changed", "opportunity.status_changed"),
    texts=("values",),
    needs=("pipelines.change_opportunity",),
)
class OpportunityUpdate(FieldUpdate):
    """Sets fields of the run's opportunity to fixed or computed values, and clears others.

    `status` closes or reopens it, `lost_reason` says why. A computed value that comes out empty leaves its field as it
    is. To move it to another stage, use “Move opportunity”.
    """

    values: dict[str, Any] = Field({}, max_length=50, examples=[{"status": "won"}], title=gettext_noop("Fields"))

    def write(self, ctx: RunContext, values: dict[str, Any]) -> dict[str, Any]:
        return services.update(run_deal.deal_of(ctx), values, ctx.now)

    def called(self, name: str) -> str:
        return cleaning.label(name)

    def value_problems(self) -> list[Problem]:
        return run_deal.value_problems(self.values, ("values",))

    def cannot_clear(self, name: str) -> str:
        if name in run_deal.PLACES or not cleaning.is_field(name):
            return run_deal.no_such_field(name)
        return _("This field always has a value; set it to another one.") if name in ALWAYS_SET else ""
