"""Maps, tracks and steps over the API."""

from typing import Any

from django.utils.translation import gettext as _

from pipelines.api.map_serializers import MapSerializer, MapStepSerializer, TrackSerializer
from pipelines.models import Map, Step, Track
from triggers.api.problems import Conflict
from triggers.api.views import ApiModelViewSet


class MapViewSet(ApiModelViewSet):
    """Whole ways of working a lead, from start to end."""

    scope = "maps"
    queryset = Map.objects.all()
    serializer_class = MapSerializer
    filterset_fields = ("name", "active")

    def perform_destroy(self, instance: Map) -> None:
        """Only a map that no lead has been in can go. Raises `Conflict`."""
        if instance.journeys.exists():
            raise Conflict(_("Leads have been in this map. Switch it off instead: it takes no new ones."))
        Step.objects.filter(track__map=instance).delete()
        instance.tracks.all().delete()
        instance.delete()


class TrackViewSet(ApiModelViewSet):
    """Stretches of maps, in order. Deleted, a track opens for nobody any more; leads that are in it stay in it."""

    scope = "maps"
    queryset = Track.objects.filter(deleted_at=None).select_related("map")
    serializer_class = TrackSerializer
    filterset_fields = ("map", "kind")

    def perform_destroy(self, instance: Any) -> None:
        instance.hide()


class StepViewSet(ApiModelViewSet):
    """What is to be done in tracks. Deleted, a step is hidden; leads that have got to it keep it."""

    scope = "maps"
    queryset = Step.objects.filter(deleted_at=None).select_related("track")
    serializer_class = MapStepSerializer
    filterset_fields = ("track", "control", "required")

    def perform_destroy(self, instance: Any) -> None:
        instance.hide()
