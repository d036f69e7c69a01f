"""What operators watch over the API: non-starts, receivers and their own notices."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from triggers import poke
from triggers.api.filters import DestinationFilter, MissFilter, NoticeFilter
from triggers.api.serializers import CountSerializer, DestinationSerializer, MissSerializer, NoticeSerializer
from triggers.api.views import ApiViewSet
from triggers.models import Destination, Miss, Notice
from triggers.models.event import Lane
from triggers.running import destinations


class MissViewSet(mixins.ListModelMixin, ApiViewSet):
    """Why events that reached a trigger did not start it."""

    scope = "runs"
    queryset = Miss.objects.all()
    serializer_class = MissSerializer
    filterset_class = MissFilter


class DestinationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Receivers outside, and whether they are being called."""

    scope = "destinations"
    queryset = Destination.objects.all()
    serializer_class = DestinationSerializer
    filterset_class = DestinationFilter

    @extend_schema(request=None, responses=CountSerializer)
    @action(detail=True, methods=["post"], permission="triggers.operate_run")
    def repaired(self, request: Request, **kwargs: Any) -> Response:
        """Says that the receiver works again; its held runs go on, spread over a minute. How many there were."""
        released = destinations.repaired(self.get_object().key, timezone.now())
        poke.after_commit(Lane.OUTSIDE)
        return Response({"count": released})


class NoticeViewSet(mixins.ListModelMixin, ApiViewSet):
    """The notices to whoever asks."""

    scope = "notices"
    permission = ""
    queryset = Notice.objects.all()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter

    def get_queryset(self) -> QuerySet[Notice]:
        return super().get_queryset().filter(user_id=getattr(self.request.user, "pk", None))

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, **kwargs: Any) -> Response:
        """Marks the notice as read."""
        notice = self.get_object()
        notice.read_at = notice.read_at or timezone.now()
        notice.save(update_fields=["read_at"])
        return Response(self.represent(notice))
