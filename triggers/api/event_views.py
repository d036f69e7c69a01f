"""Events over the API: the history, and the door for what happens elsewhere."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from triggers.api.filters import EventFilter
from triggers.api.idempotency import key_of
from triggers.api.ingest import MAX_ID, ingest
from triggers.api.insight_views import EventInsight
from triggers.api.serializers import EventSerializer
from triggers.api.views import owner_of
from triggers.models import Event


class ReportSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(max_length=80, help_text=_("an event type that the catalogue calls reportable"))
    contact_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)
    data = serializers.DictField(required=False, help_text=_("the payload, as the catalogue describes it"))  # type: ignore[assignment]
    occurred_at = serializers.DateTimeField(required=False, help_text=_("now when left out"))


class AcceptedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()


class EventViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, EventInsight):
    """What happened, when, to whom, and what caused it."""

    scope = "events"
    queryset = Event.objects.all()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    tagged = ("retrieve",)

    @extend_schema(
        request=ReportSerializer,
        responses={202: AcceptedSerializer},
        examples=[
            OpenApiExample(
                "A click", {"type": "link.clicked", "contact_id": 5, "data": {"link_id": 3}}, request_only=True
            )
        ],
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Reports that something happened. With an Idempotency-Key it is recorded once, however often it is sent."""
        key = key_of(request)
        once = f"api:{owner_of(request)}:{key}" if key else None
        event = ingest(self.inputs(ReportSerializer), once, timezone.now())
        return Response({"id": event.pk}, status.HTTP_202_ACCEPTED)
