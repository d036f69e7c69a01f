"""Closes the lead."""

from functools import partial
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from pipelines.maps import run_journey, verbs
from triggers.action_types import Action, Outcome, action
from triggers.run_context import RunContext


@action(
    "lead.close",
    label=gettext_lazy("Close the lead"),
    section="Maps",
    may_cause=("map.closed", "contact.changed"),
    texts=("reason",),
    needs=("pipelines.change_journey",),
)
class LeadClose(Action):
    """Sets the lead status to lost, won or closed, with a reason, when what is going on is complete.

    A lead that is no longer open is left as it is.
    """

    status: Literal["lost", "won", "closed"] = Field(
        "lost",
        title=gettext_noop("How the lead ends"),
        json_schema_extra={
            "labels": {
                "lost": gettext_noop("Lost"),
                "won": gettext_noop("Won"),
                "closed": gettext_noop("Closed, neither won nor lost"),
            }
        },
    )
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))

    def run(self, ctx: RunContext) -> Outcome:
        reason = ctx.render_line(self.reason)[:300]
        deed = partial(verbs.close, ctx.require_contact(), self.status, reason, ctx.now)
        return run_journey.outcome(deed, self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        words = {"lost": _("Closes the lead as lost."), "won": _("Closes the lead as won.")}
        return words.get(self.status, _("Closes the lead."))
