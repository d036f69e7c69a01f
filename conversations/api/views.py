"""Messages over the API: read them, and hand in what a contact answered."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.filters import MessageFilter
from conversations.api.serializers import MessageSerializer, ReplySerializer
from conversations.models import Message
from conversations.services import receive_reply
from triggers.api.views import ApiViewSet


class MessageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Messages to and from contacts."""

    scope = "messages"
    queryset = Message.objects.all()
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
