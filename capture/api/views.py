"""Inbound webhooks over the API: made, changed, given a new token, sampled; and what came in."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from capture import services
from capture.api.serializers import (
    InboundRequestSerializer,
    InboundWebhookSerializer,
    MadeSerializer,
    SampleSerializer,
    TokenSerializer,
)
from capture.models import InboundWebhook
from triggers.api.views import ApiModelViewSet


class InboundWebhookViewSet(ApiModelViewSet):
    """Addresses that outside systems send to."""

    scope = "inbound-webhooks"
    queryset = InboundWebhook.objects.all()
    serializer_class = InboundWebhookSerializer
    filterset_fields = ("active", "signature", "owner")
    # What `create` answers holds the token, and no later answer does.
    tagged = ("retrieve", "update", "partial_update")

    @extend_schema(responses={201: MadeSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new webhook. The answer holds its token, which is told nowhere else and never again."""
        webhook, token = services.create(**{"owner": self.user, **self.inputs(InboundWebhookSerializer)})
        told = {"token": token, "address": services.address(token)}
        return Response({**self.represent(webhook), **told}, status.HTTP_201_CREATED)

    def perform_update(self, serializer: Any) -> None:
        if "secret" in serializer.validated_data:
            services.keep_previous_secret(serializer.instance)
        serializer.save()

    @extend_schema(request=None, responses=TokenSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, **kwargs: Any) -> Response:
        """A new token, told this once; the former works for 24 h more."""
        webhook = self.get_object()
        token = services.rotate(webhook, timezone.now())
        told = {"token": token, "address": services.address(token), "previous_until": webhook.previous_until}
        return Response(TokenSerializer(told).data)

    @extend_schema(responses=SampleSerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def sample(self, request: Request, **kwargs: Any) -> Response:
        """The request that was kept as the sample, and a mapping that would suit it."""
        return self._sample(self.get_object())

    @extend_schema(request=None, responses=SampleSerializer)
    @sample.mapping.post
    def capture_sample(self, request: Request, **kwargs: Any) -> Response:
        """The next request becomes the sample; it is taken in as well."""
        webhook = self.get_object()
        services.start_capture(webhook)
        return self._sample(webhook)

    @extend_schema(responses=InboundRequestSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], permission="capture.view_inboundrequest")
    def requests(self, request: Request, **kwargs: Any) -> Response:
        """What came in within the last 30 days, newest first."""
        return self.page(self.get_object().requests.all(), InboundRequestSerializer)

    def _sample(self, webhook: InboundWebhook) -> Response:
        suggested = services.suggest_mapping(webhook.sample or {})
        told = {
            "capturing": webhook.capturing, "sampled_at": webhook.sampled_at, "sample": webhook.sample,
            "suggested_mapping": suggested,
        }  # fmt: skip
        return Response(SampleSerializer(told).data)
