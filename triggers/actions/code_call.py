"""Calls a Python function that the installation registered by name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Outcome, action
from triggers.functions import functions
from triggers.problems import Problem
from triggers.run_context import RunContext


@action("code.call", label=gettext_lazy("Call a function"), section="Data", texts=("arguments",), undoable=False)
class CodeCall(Action):
    """Calls a function registered with `triggers.functions.function`; its JSON result is readable later.

    Text is never evaluated: the name chooses among registered functions, the arguments are data.
    """

    name: str = Field(title=gettext_noop("Function"))
    arguments: dict[str, Any] = Field({}, title=gettext_noop("What it is given"))

    def problems(self, uid: str) -> list[Problem]:
        if self.name in functions:
            return []
        known = ", ".join(sorted(functions)) or _("none")
        return [
            Problem(
                ("name",),
                _("No function of this name is registered. Registered: %(names)s.") % {"names": known},
            )
        ]

    def run(self, ctx: RunContext) -> Outcome:
        result = functions[self.name](ctx, **ctx.render_json(self.arguments))
        return Done(self.preview(ctx), {"value": result} if result is not None else {})

    def preview(self, ctx: RunContext) -> str:
        return _("Calls %(name)s.") % {"name": self.name}
