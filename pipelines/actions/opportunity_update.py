"""Sets and clears fields of the run's opportunity."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, model_validator

from pipelines import services
from pipelines.deals import cleaning
from pipelines.deals.run_deal import (
    PLACES,
    computed,
    deal_of,
    label,
    labels,
    no_such_field,
    refusal,
    value_problems,
)
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.wording.words import shown

ALWAYS_SET = ("currency", "status")


@action(
    "opportunity.update",
    label=gettext_lazy("Update opportunity"),
    section="Opportunities",
    may_cause=("opportunity.changed", "opportunity.status_changed"),
    texts=("values",),
)
class OpportunityUpdate(Action):
    """Sets fields of the run's opportunity to fixed or computed values, and clears others.

    `status` closes or reopens it, `lost_reason` says why. A computed value that comes out empty leaves its field as it
    is. To move it to another stage, use “Move opportunity”.
    """

    values: dict[str, Any] = Field({}, max_length=50, examples=[{"status": "won"}])
    clear: list[str] = Field([], max_length=50)

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not self.values and not self.clear:
            raise ValueError(_("Name at least one field to set or to clear."))
        return self

    def problems(self, uid: str) -> list[Problem]:
        found = value_problems(self.values, ("values",))
        found += [Problem(("clear", n), why) for n, name in enumerate(self.clear) if (why := self._cannot_clear(name))]
        return found

    def run(self, ctx: RunContext) -> Outcome:
        deal, values = deal_of(ctx), computed(ctx, self.values)
        try:
            changes = services.update(deal, {**values, **dict.fromkeys(self.clear)}, ctx.now)
        except ValidationError as error:
            return Fail(refusal(error))
        if not changes:
            return Done(_("Everything was so already."), {"changes": {}})
        return Done(_("Changed: %(fields)s.") % {"fields": labels(changes)}, {"changes": changes})

    def preview(self, ctx: RunContext) -> str:
        parts = [
            _("sets %(field)s to %(value)s") % {"field": label(name), "value": shown(value)}
            for name, value in computed(ctx, self.values).items()
        ]
        parts += [_("clears %(field)s") % {"field": label(name)} for name in self.clear]
        text = "; ".join(parts) or _("changes nothing: every computed value is empty")
        return f"{text[:1].upper()}{text[1:]}."

    def _cannot_clear(self, name: str) -> str:
        if name in PLACES or not cleaning.is_field(name):
            return no_such_field(name)
        if name in self.values:
            return _("This field is set above; either set or clear it.")
        return _("This field always has a value; set it to another one.") if name in ALWAYS_SET else ""
