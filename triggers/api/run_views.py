"""Runs over the API: what each did, and what a person does with one that stands still."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from triggers import operations
from triggers.api.filters import RunFilter
from triggers.api.insight_views import RunReplay
from triggers.api.serializers import RunSerializer
from triggers.models import Run

OPERATE = {"permission": "triggers.operate_run"}


class StopSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(default="", max_length=300, allow_blank=True)


class ResolveSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(
        choices=["sent", "resend"], help_text=_("sent: it happened, go on; resend: it did not, try again")
    )


class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, RunReplay):
    """One workflow, started by one event, for one subject."""

    scope = "runs"
    queryset = Run.objects.select_related("version").defer("version__document")
    serializer_class = RunSerializer
    filterset_class = RunFilter
    tagged = ("retrieve", "retry", "stop", "skip", "resolve", "release")

    def get_queryset(self) -> QuerySet[Run]:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("actions__attempts")

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"], **OPERATE)
    def retry(self, request: Request, **kwargs: Any) -> Response:
        """Tries the action that failed again, with the same key."""
        return self._as_it_is(operations.retry(self.get_object(), self.user))

    @extend_schema(request=StopSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], **OPERATE)
    def stop(self, request: Request, **kwargs: Any) -> Response:
        """Ends an active run."""
        run, given = self.get_object(), self.inputs(StopSerializer)
        return self._as_it_is(operations.stop(run, given["reason"], self.user))

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"], **OPERATE)
    def skip(self, request: Request, **kwargs: Any) -> Response:
        """Leaves out the action the run stands at, and goes on with the next."""
        return self._as_it_is(operations.skip(self.get_object(), self.user))

    @extend_schema(request=ResolveSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], **OPERATE)
    def resolve(self, request: Request, **kwargs: Any) -> Response:
        """Decides an uncertain run: what may have been sent was sent, or is sent again."""
        run, given = self.get_object(), self.inputs(ResolveSerializer)
        return self._as_it_is(operations.resolve(run, given["outcome"] == "sent", self.user))

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"], **OPERATE)
    def release(self, request: Request, **kwargs: Any) -> Response:
        """Lets a held run go on, once what held it is repaired."""
        return self._as_it_is(operations.release(self.get_object(), self.user))

    def _as_it_is(self, run: Run) -> Response:
        return Response(self.represent(self.get_queryset().get(pk=run.pk)))
