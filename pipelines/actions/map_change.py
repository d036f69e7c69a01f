"""Moves the lead to another map."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.keys import MapNumber
from pipelines.maps import defining, run_journey, verbs
from pipelines.models import Map
from triggers.action_types import Action, Fail, Outcome, action
from triggers.problems import Invalid
from triggers.run_context import RunContext


@action(
    "map.change",
    label=gettext_lazy("Move to another map"),
    section="Maps",
    may_cause=("map.opened", "track.opened", "step.opened", "contact.changed"),
)
class MapChange(Action):
    """Moves the lead, silently out of the map it stands in, when what is going on is complete.

    A lead that is closed is opened again. Within one act it enters each map once, so that it is never sent in a circle.
    """

    map: MapNumber

    def run(self, ctx: RunContext) -> Outcome:
        target = Map.objects.filter(pk=self.map).first()
        if target is None:
            return Fail(_("The map was deleted."))
        try:
            defining.check_assignable(target)
        except Invalid as refused:
            return Fail(refused.problems[0].message)
        return run_journey.outcome(partial(verbs.assign, ctx.require_contact(), target, ctx.now), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        name = Map.objects.filter(pk=self.map).values_list("name", flat=True).first()
        return _("Moves the lead to “%(map)s”.") % {"map": name or self.map}
