"""What the actions that put a lead into a map share."""

from functools import partial
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field

from pipelines.keys import MapNumber
from pipelines.maps import defining, run_journey, verbs
from pipelines.models import Map
from triggers.action_types import Action, Fail, Outcome, Skip
from triggers.problems import Invalid
from triggers.run_context import RunContext

CAUSES = ("map.opened", "track.opened", "step.opened", "contact.changed")


class IntoMap(Action):
    """Puts the lead into the map. `says` is the sentence of the preview, with a place for `map`."""

    says: ClassVar[Any] = ""

    map: MapNumber = Field(title=gettext_noop("Which map"))

    def stays(self, ctx: RunContext) -> str:
        """Why the lead is left where it is; empty where it is to be moved."""
        return ""

    def run(self, ctx: RunContext) -> Outcome:
        target = Map.objects.filter(pk=self.map).first()
        if target is None:
            return Fail(_("The map was deleted."))
        if why := self.stays(ctx):
            return Skip(why)
        try:
            defining.check_assignable(target)
        except Invalid as refused:
            return Fail(refused.problems[0].message)
        return run_journey.outcome(partial(verbs.assign, ctx.require_contact(), target, ctx.now), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        name = Map.objects.filter(pk=self.map).values_list("name", flat=True).first()
        return str(self.says) % {"map": name or self.map}
