"""Takes the first case whose condition holds."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext


@action("branch", label=gettext_lazy("Branch"), section="Flow", touches="flow")
class Branch(Action):
    """Asks each case in order and goes on with the first whose condition holds, else with "else"."""

    cases: list[dict[str, Any]] = Field(title=gettext_noop("Cases"))

    def run(self, ctx: RunContext) -> Outcome:
        for case in self.cases:
            verdict = ctx.judge(case["if"])
            if verdict.passed:
                name = case.get("name") or case["uid"]
                return Done(_("Took “%(name)s”.") % {"name": name}, outcome=case["uid"])
        return Done(_("None of the cases held."), outcome="else")

    def preview(self, ctx: RunContext) -> str:
        outcome = self.run(ctx)
        assert isinstance(outcome, Done)
        return outcome.summary

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
