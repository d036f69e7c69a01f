"""Messages over the API: read them, and hand in what a contact answered."""

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import phoning
from conversations.api.dispositions import OutcomeSerializer
from conversations.api.filters import MessageFilter
from conversations.api.serializers import (
    IncomingSerializer,
    MessageSerializer,
    RecordedSerializer,
    ReplySerializer,
    StatusSerializer,
    TakenSerializer,
)  # fmt: skip
from conversations.models import Attachment, Message
from conversations.services import Incoming, receive_message, receive_reply, record_status
from triggers import files
from triggers.api.views import ApiViewSet
from triggers.problems import Invalid, Problem


class MessageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Messages to and from contacts."""

    scope = "messages"
    queryset = Message.objects.select_related("disposition").prefetch_related("attachments")
    serializer_class = MessageSerializer
    filterset_class = MessageFilter

    @extend_schema(
        request=ReplySerializer,
        responses={201: MessageSerializer},
        examples=[
            OpenApiExample(
                "A reply",
                {"contact": 5, "subject": "Re: Welcome", "text": "Yes, please", "in_reply_to": "<5d…@crm.example.org>"},
                request_only=True,
            )
        ],
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Records what a contact answered, and tells workflows that wait for it (`message.customer_replied`)."""
        reply = self.inputs(ReplySerializer)
        reply.pop("direction")
        message = receive_reply(reply.pop("contact"), reply.pop("text"), **reply)
        return Response(self.represent(message), status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(
        detail=False, url_path=r"attachments/(?P<number>\d{1,18})", pagination_class=None, filterset_class=None
    )  # fmt: skip
    def attachment(self, request: Request, number: str, **kwargs: Any) -> FileResponse:
        """A file that came with a message, as it came; 404 for one that was not kept."""
        found = get_object_or_404(Attachment, pk=number, message__isnull=False)
        return files.download(found.file, found.name)

    @extend_schema(request=OutcomeSerializer, responses={200: MessageSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def disposition(self, request: Request, **kwargs: Any) -> Response:
        """Says what came of a call, and tells it as `call.status_changed`; 422 for a message that is no call."""
        given, call = self.inputs(OutcomeSerializer)["disposition"], self.get_object()
        try:
            phoning.conclude(call, given)
        except phoning.NoCall as refused:
            raise Invalid([Problem(("disposition",), str(refused))]) from refused
        return Response(self.represent(self.get_object()))

    @extend_schema(request=IncomingSerializer, responses={200: TakenSerializer})
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def inbound(self, request: Request, **kwargs: Any) -> Response:
        """Takes in what somebody wrote, for gateways without a module of their own: finds who it was, obeys STOP."""
        given = self.inputs(IncomingSerializer)
        gateway, media = f"api:{given.pop('gateway')}", tuple(given.pop("media", ()))
        taken = receive_message(Incoming(gateway=gateway, media=media, **given), timezone.now())
        return Response(TakenSerializer(taken).data)

    @extend_schema(request=StatusSerializer, responses={200: RecordedSerializer})
    @action(detail=False, methods=["post"], url_path="status", pagination_class=None, filterset_class=None)
    def report(self, request: Request, **kwargs: Any) -> Response:
        """Takes in how a message fared; one that is unknown yet is kept for when its number is known."""
        given, now = self.inputs(StatusSerializer), timezone.now()
        at = given.pop("at", now)
        recorded = record_status(**given, at=at, now=now)
        return Response(RecordedSerializer(recorded).data)
