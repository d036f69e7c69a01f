"""Puts the contact into a map."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.keys import MapNumber
from pipelines.maps import defining, run_journey, verbs
from pipelines.models import Journey, Map
from triggers.action_types import Action, Fail, Outcome, Skip, action
from triggers.problems import Invalid
from triggers.run_context import RunContext


@action(
    "map.assign",
    label=gettext_lazy("Put into a map"),
    section="Maps",
    may_cause=("map.opened", "track.opened", "step.opened", "contact.changed"),
)
class MapAssign(Action):
    """Puts a contact that stands in no map into this one; one that stands in a map already is left there."""

    map: MapNumber

    def run(self, ctx: RunContext) -> Outcome:
        target = Map.objects.filter(pk=self.map).first()
        if target is None:
            return Fail(_("The map was deleted."))
        current = Journey.objects.filter(contact=ctx.require_contact(), is_current=True).select_related("map").first()
        if current is not None:
            return Skip(_("It stands in “%(map)s” already.") % {"map": current.map})
        try:
            defining.check_assignable(target)
        except Invalid as refused:
            return Fail(refused.problems[0].message)
        return run_journey.outcome(partial(verbs.assign, ctx.require_contact(), target, ctx.now), self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        name = Map.objects.filter(pk=self.map).values_list("name", flat=True).first()
        return _("Puts the contact into “%(map)s”.") % {"map": name or self.map}
