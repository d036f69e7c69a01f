"""Makes a text of other values."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext
from triggers.workflows.document import VARIABLE


@action("data.format", label=gettext_lazy("Format text"), section="Data", touches="flow", texts=("template",))
class DataFormat(Action):
    """Renders a text with merge fields and filters into a variable."""

    into: str = Field(pattern=VARIABLE.pattern, title=gettext_noop("Name of the variable"))
    template: str = Field(min_length=1, max_length=5000, title=gettext_noop("Text"))

    def run(self, ctx: RunContext) -> Outcome:
        value = ctx.render(self.template)
        ctx.set_var(self.into, value)
        return Done(_("%(name)s is “%(value)s”.") % {"name": self.into, "value": value[:80]}, {"value": value})

    def preview(self, ctx: RunContext) -> str:
        return _("Formats %(name)s.") % {"name": self.into}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
