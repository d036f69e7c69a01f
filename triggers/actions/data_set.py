"""Keeps values for later actions of the run."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, field_validator

from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext
from triggers.workflows.document import VARIABLE


@action("data.set", label=gettext_lazy("Set variables"), section="Data", touches="flow", texts=("values",))
class DataSet(Action):
    """Sets variables of the run, fixed or with merge fields; later actions read them as `vars.name`."""

    values: dict[str, Any] = Field(min_length=1, max_length=50, title=gettext_noop("Variables"))

    @field_validator("values")
    @classmethod
    def _names(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in values:
            if not VARIABLE.fullmatch(name):
                raise ValueError(_("Name variables with small letters, digits and _, for example order_id."))
        return values

    def run(self, ctx: RunContext) -> Outcome:
        computed = ctx.render_json(self.values)
        for name, value in computed.items():
            ctx.set_var(name, value)
        return Done(self.preview(ctx), computed)

    def preview(self, ctx: RunContext) -> str:
        return _("Sets %(names)s.") % {"names": ", ".join(self.values)}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
