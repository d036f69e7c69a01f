"""Sends runs down weighted ways, the same contact always down the same one."""

import hashlib
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext


@action("split", label=gettext_lazy("Split"), section="Flow", touches="flow")
class Split(Action):
    """Divides runs by weight. Sticky: a contact comes down the same way each time, whatever the version."""

    cases: list[dict[str, Any]] = Field(title=gettext_noop("Cases"))

    def run(self, ctx: RunContext) -> Outcome:
        case = self.cases[self._place(ctx)]
        return Done(_("Took “%(name)s”.") % {"name": case.get("name") or case["uid"]}, outcome=case["uid"])

    def preview(self, ctx: RunContext) -> str:
        case = self.cases[self._place(ctx)]
        return _("Goes down “%(name)s”.") % {"name": case.get("name") or case["uid"]}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)

    def _place(self, ctx: RunContext) -> int:
        who = f"contact:{ctx.contact_id}" if ctx.contact_id is not None else f"event:{ctx.event.pk}"
        digest = hashlib.sha256(f"{ctx.run.workflow_id}/{ctx.node.uid}/{who}".encode()).digest()
        bounds = list(accumulate(case["weight"] for case in self.cases))
        drawn = int.from_bytes(digest[:8], "big") % bounds[-1]
        return next(place for place, bound in enumerate(bounds) if drawn < bound)
