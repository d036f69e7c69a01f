"""Moves the lead to another map."""

from django.utils.translation import gettext_lazy

from pipelines.maps.into_map import CAUSES, IntoMap
from triggers.action_types import action


@action(
    "map.change",
    label=gettext_lazy("Move to another map"),
    section="Maps",
    may_cause=CAUSES,
    needs=("pipelines.change_journey",),
)
class MapChange(IntoMap):
    """Moves the lead, silently out of the map it stands in, when what is going on is complete.

    A lead that is closed is opened again. Within one act it enters each map once, so that it is never sent in a circle.
    """

    says = gettext_lazy("Moves the lead to “%(map)s”.")
