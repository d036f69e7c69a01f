"""Workflows over the API: drafts are edited freely, publishing checks them, versions never change."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from triggers import services
from triggers.api.filters import WorkflowFilter
from triggers.api.insight_views import WorkflowInsight
from triggers.api.problems import Conflict
from triggers.api.serializers import (
    CountSerializer,
    DraftProblemSerializer,
    VersionSerializer,
    WorkflowSerializer,
    draft_problems,
)
from triggers.api.views import ApiModelViewSet
from triggers.models import Workflow, WorkflowVersion
from triggers.noting import note

PUBLISH = {"verb": "publish", "permission": "triggers.publish_workflow"}


class PublishSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(default="", max_length=300, allow_blank=True, help_text=_("why"))
    observe = serializers.BooleanField(default=False, help_text=_("record what would start, but do nothing"))


class PauseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(default="", max_length=300, allow_blank=True)


class RollbackSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class MoveRunsSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text=_("the live one when left out")
    )


class WorkflowViewSet(WorkflowInsight, ApiModelViewSet):
    """When this happens, if that holds, do these things."""

    scope = "workflows"
    queryset = Workflow.objects.select_related("current").defer("current__document")
    serializer_class = WorkflowSerializer
    filterset_class = WorkflowFilter
    tagged = (*ApiModelViewSet.tagged, "publish", "pause", "resume", "archive", "restore", "copy", "rollback")

    def perform_create(self, serializer: Any) -> None:
        given = {"draft": {}, "owner": self.user, **serializer.validated_data}
        serializer.instance = services.create(**given)

    def perform_destroy(self, workflow: Workflow) -> None:
        if workflow.versions.exists():
            raise Conflict(_("This workflow was published, and its history hangs on it; archive it instead."))
        workflow.delete()

    @extend_schema(request=PublishSerializer, responses=WorkflowSerializer)
    @action(detail=True, methods=["post"], **PUBLISH)
    def publish(self, request: Request, **kwargs: Any) -> Response:
        """Makes the draft the live version, or refuses with every problem it has."""
        workflow = self.get_object()
        services.publish(workflow, by=self.user, **self.inputs(PublishSerializer))
        return self._as_it_is(workflow)

    @extend_schema(request=PauseSerializer, responses=WorkflowSerializer)
    @action(detail=True, methods=["post"], **PUBLISH)
    def pause(self, request: Request, **kwargs: Any) -> Response:
        """Starts nothing more and holds active runs where they stand."""
        workflow = self.get_object()
        given = self.inputs(PauseSerializer)
        services.pause(workflow, **given)
        why = given["reason"]
        note(self.user, workflow, gettext_noop("Paused: %(why)s") if why else gettext_noop("Paused."), why=why)
        return self._as_it_is(workflow)

    @extend_schema(request=None, responses=WorkflowSerializer)
    @action(detail=True, methods=["post"], **PUBLISH)
    def resume(self, request: Request, **kwargs: Any) -> Response:
        """Goes live again from now on, and lets held runs go on."""
        workflow = self.get_object()
        services.resume(workflow)
        note(self.user, workflow, gettext_noop("Resumed."))
        return self._as_it_is(workflow)

    @extend_schema(request=None, responses=WorkflowSerializer)
    @action(detail=True, methods=["post"], **PUBLISH)
    def archive(self, request: Request, **kwargs: Any) -> Response:
        """Takes the workflow out of use; its active runs are stopped."""
        workflow = self.get_object()
        services.archive(workflow)
        note(self.user, workflow, gettext_noop("Archived."))
        return self._as_it_is(workflow)

    @extend_schema(request=None, responses=WorkflowSerializer)
    @action(detail=True, methods=["post"], **PUBLISH)
    def restore(self, request: Request, **kwargs: Any) -> Response:
        """Brings an archived workflow back, as a draft."""
        workflow = self.get_object()
        if workflow.status != Workflow.Status.ARCHIVED:
            raise Conflict(_("This workflow is not archived."))
        services.restore(workflow)
        note(self.user, workflow, gettext_noop("Restored."))
        return self._as_it_is(workflow)

    @extend_schema(request=None, responses={201: WorkflowSerializer})
    @action(detail=True, methods=["post"], permission="triggers.add_workflow")
    def copy(self, request: Request, **kwargs: Any) -> Response:
        """A new draft with the same document."""
        made = services.copy(self.get_object(), owner=self.user)
        return self._as_it_is(made, status.HTTP_201_CREATED)

    @extend_schema(responses=VersionSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, **kwargs: Any) -> Response:
        """What was published, newest first."""
        return self.page(self.get_object().versions.select_related("created_by"), VersionSerializer)

    @extend_schema(
        responses=VersionSerializer,
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["get"], url_path="versions/(?P<number>[0-9]{1,9})", url_name="version")
    def version(self, request: Request, number: str, **kwargs: Any) -> Response:
        """One published version with its document."""
        return Response(VersionSerializer(self._version(self.get_object(), int(number))).data)

    @extend_schema(request=RollbackSerializer, responses=WorkflowSerializer)
    @action(detail=True, methods=["post"], **PUBLISH)
    def rollback(self, request: Request, **kwargs: Any) -> Response:
        """Publishes an old version again, under a new number."""
        workflow = self.get_object()
        version = self._version(workflow, self.inputs(RollbackSerializer)["version"])
        services.roll_back(workflow, version.number, by=self.user)
        return self._as_it_is(workflow)

    @extend_schema(request=MoveRunsSerializer, responses=CountSerializer)
    @action(detail=True, methods=["post"], url_path="move-runs", verb="publish", permission="triggers.operate_run")
    def move_runs(self, request: Request, **kwargs: Any) -> Response:
        """Takes waiting runs over to the live version, where the action they stand at still exists."""
        workflow = self.get_object()
        number = self.inputs(MoveRunsSerializer).get("version")
        if number is None and workflow.current is None:
            raise Conflict(_("Publish the workflow first; it has no version yet."))
        to = self._version(workflow, number) if number is not None else None
        moved = services.move_runs(workflow, to)
        note(self.user, workflow, gettext_noop("Moved %(n)d waiting runs."), n=moved)
        return Response({"count": moved})

    @extend_schema(responses=DraftProblemSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def lint(self, request: Request, **kwargs: Any) -> Response:
        """What is wrong with the draft; nothing when it can be published without a second thought."""
        return Response(draft_problems(self.get_object()))

    def _as_it_is(self, workflow: Workflow, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.represent(workflow), code)

    def _version(self, workflow: Workflow, number: int) -> WorkflowVersion:
        found: WorkflowVersion = get_object_or_404(workflow.versions.all(), number=number)
        return found
