"""Reckons with two numbers."""

from decimal import Decimal, InvalidOperation
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext
from triggers.workflows.document import VARIABLE

LIMIT = Decimal(10) ** 15


@action("data.math", label=gettext_lazy("Calculate"), section="Data", touches="flow", texts=("left", "right"))
class DataMath(Action):
    """Adds, subtracts, multiplies or divides; the result is a variable. Decimal, never floating point."""

    into: str = Field(pattern=VARIABLE.pattern, title=gettext_noop("Name of the variable"))
    left: str = Field(title=gettext_noop("First number"))
    operation: Literal["add", "subtract", "multiply", "divide"] = Field(
        title=gettext_noop("What to do"),
        json_schema_extra={
            "labels": {
                "add": gettext_noop("Add"),
                "subtract": gettext_noop("Subtract"),
                "multiply": gettext_noop("Multiply"),
                "divide": gettext_noop("Divide"),
            }
        },
    )
    right: str = Field(title=gettext_noop("Second number"))
    decimals: int = Field(2, ge=0, le=10, title=gettext_noop("Decimal places"))

    def run(self, ctx: RunContext) -> Outcome:
        left, right = self._number(ctx, self.left), self._number(ctx, self.right)
        if left is None or right is None:
            return Fail(_("“%(text)s” is no number.") % {"text": self.left if left is None else self.right})
        if self.operation == "divide" and not right:
            return Fail(_("It would divide by zero."))
        value = _reckon(self.operation, left, right)
        if abs(value) > LIMIT:
            return Fail(_("The result is too large."))
        rounded = str(round(value, self.decimals))
        ctx.set_var(self.into, rounded)
        return Done(_("%(name)s is %(value)s.") % {"name": self.into, "value": rounded}, {"value": rounded})

    def preview(self, ctx: RunContext) -> str:
        return _("Calculates %(name)s.") % {"name": self.into}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)

    def _number(self, ctx: RunContext, source: str) -> Decimal | None:
        try:
            value = Decimal(ctx.render_line(source))
        except InvalidOperation:
            return None
        return value if value.is_finite() and abs(value) <= LIMIT else None


def _reckon(operation: str, left: Decimal, right: Decimal) -> Decimal:
    if operation == "add":
        return left + right
    if operation == "subtract":
        return left - right
    return left * right if operation == "multiply" else left / right
