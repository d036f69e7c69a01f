"""Puts the contact into a map."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.maps.into_map import CAUSES, IntoMap
from pipelines.models import Journey
from triggers.action_types import action
from triggers.run_context import RunContext


@action(
    "map.assign",
    label=gettext_lazy("Put into a map"),
    section="Maps",
    may_cause=CAUSES,
    needs=("pipelines.change_journey",),
)
class MapAssign(IntoMap):
    """Puts a contact that stands in no map into this one; one that stands in a map already is left there."""

    says = gettext_lazy("Puts the contact into “%(map)s”.")

    def stays(self, ctx: RunContext) -> str:
        current = Journey.objects.filter(contact=ctx.require_contact(), is_current=True).select_related("map").first()
        return _("It stands in “%(map)s” already.") % {"map": current.map} if current else ""
