"""The catalogue over the API: every kind of event and action this installation knows."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from triggers.api.ingest import reportable
from triggers.api.views import ApiView
from triggers.catalogue import catalogue


class ConditionFieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    operators = serializers.ListField(child=serializers.CharField())
    choices = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class EventTypeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    section = serializers.CharField()
    description = serializers.CharField()
    immediate = serializers.BooleanField()
    reportable = serializers.BooleanField()
    payload = serializers.DictField()
    options = serializers.DictField()
    fields = ConditionFieldSerializer(many=True)  # type: ignore[assignment]
    example = serializers.DictField()


class ActionTypeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    section = serializers.CharField()
    description = serializers.CharField()
    touches = serializers.CharField()
    outcomes = serializers.ListField(child=serializers.CharField())
    may_cause = serializers.ListField(child=serializers.CharField())
    config = serializers.DictField()


@extend_schema_serializer(many=False)
class CatalogueSerializer(serializers.Serializer[Any]):
    """Event types with payload, options and condition fields; action types with their config."""

    events = EventTypeSerializer(many=True)
    actions = ActionTypeSerializer(many=True)


class CatalogueViewSet(ApiView, ViewSet):
    """Every event type that can start a workflow, and every action it can take."""

    scope = "catalogue"

    @extend_schema(responses=CatalogueSerializer)
    def list(self, request: Request) -> Response:
        """The whole catalogue. A client may report the event types marked `reportable`."""
        found, may_report = catalogue(), set(reportable())
        events = [{**entry, "reportable": entry["key"] in may_report} for entry in found["events"]]
        return Response({"events": events, "actions": found["actions"]})
