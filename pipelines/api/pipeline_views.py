"""Pipelines, stages, and reasons for winning or losing over the API."""

from typing import Any

from pipelines.api.pipeline_serializers import LostReasonSerializer, PipelineSerializer, StageSerializer
from pipelines.deals import deleting
from pipelines.models import LostReason, Pipeline, Stage
from triggers.api.problems import Conflict
from triggers.api.views import ApiModelViewSet


class Guarded(ApiModelViewSet):
    """Deletes only what no deal needs: raises `Conflict` (409) with what to do first."""

    def perform_destroy(self, instance: Any) -> None:
        why = deleting.why_not(instance)
        if why:
            raise Conflict(why)
        instance.delete()


class PipelineViewSet(Guarded):
    """Ways that deals go. One with deals cannot be deleted."""

    scope = "pipelines"
    queryset = Pipeline.objects.prefetch_related("stages")
    serializer_class = PipelineSerializer
    filterset_fields = ("name", "currency")


class StageViewSet(Guarded):
    """The steps of pipelines. A stage stays in its pipeline, and one that holds deals cannot be deleted."""

    scope = "stages"
    queryset = Stage.objects.all()
    serializer_class = StageSerializer
    filterset_fields = ("pipeline", "name")


class LostReasonViewSet(Guarded):
    """Why deals are won or lost. One that deals name cannot be deleted."""

    scope = "lost-reasons"
    queryset = LostReason.objects.all()
    serializer_class = LostReasonSerializer
    filterset_fields = ("outcome", "name")
