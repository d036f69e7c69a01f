"""The resources of opportunities and maps, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from pipelines.api.journey_views import JourneyViewSet
from pipelines.api.map_views import MapViewSet, StepViewSet, TrackViewSet


def register(router: BaseRouter) -> None:
    router.register("maps", MapViewSet, "map")
    router.register("tracks", TrackViewSet, "track")
    router.register("steps", StepViewSet, "step")
    router.register("journeys", JourneyViewSet, "journey")
