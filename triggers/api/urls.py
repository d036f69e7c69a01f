"""The engine's resources, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from triggers.api.catalogue_views import CatalogueViewSet
from triggers.api.event_views import EventViewSet
from triggers.api.run_views import RunViewSet
from triggers.api.watch_views import DestinationViewSet, MissViewSet, NoticeViewSet
from triggers.api.workflow_views import WorkflowViewSet


def register(router: BaseRouter) -> None:
    router.register("workflows", WorkflowViewSet, "workflow")
    router.register("runs", RunViewSet, "run")
    router.register("events", EventViewSet, "event")
    router.register("misses", MissViewSet, "miss")
    router.register("destinations", DestinationViewSet, "destination")
    router.register("notices", NoticeViewSet, "notice")
    router.register("catalogue", CatalogueViewSet, "catalogue")
