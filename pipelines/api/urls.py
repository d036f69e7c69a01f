"""The resources of opportunities and maps, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from pipelines.api.journey_views import JourneyViewSet
from pipelines.api.map_views import MapViewSet, StepViewSet, TrackViewSet
from pipelines.api.opportunity_views import OpportunityViewSet
from pipelines.api.pipeline_views import LostReasonViewSet, PipelineViewSet, StageViewSet


def register(router: BaseRouter) -> None:
    router.register("pipelines", PipelineViewSet, "pipeline")
    router.register("stages", StageViewSet, "stage")
    router.register("lost-reasons", LostReasonViewSet, "lostreason")
    router.register("opportunities", OpportunityViewSet, "opportunity")
    router.register("maps", MapViewSet, "map")
    router.register("tracks", TrackViewSet, "track")
    router.register("steps", StepViewSet, "step")
    router.register("journeys", JourneyViewSet, "journey")
