"""Conversations over the API: list them, close, open and assign them, and answer."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import replying, threads
from conversations.api.filters import ConversationFilter
from conversations.api.serializers import MessageSerializer
from conversations.models import Conversation, Message
from triggers.api.serializers import RowSerializer
from triggers.api.views import ApiViewSet
from triggers.problems import Invalid, Problem


class ConversationSerializer(RowSerializer):
    """A contact's thread over all channels; its messages are those of the contact."""

    assignee: Any = serializers.SlugRelatedField(
        slug_field="username", queryset=get_user_model()._default_manager.filter(is_active=True, is_staff=True),
        allow_null=True, required=False, help_text=gettext_lazy("user name; null for nobody"),
    )  # fmt: skip

    class Meta:
        model = Conversation
        fields = ["id", "contact", "status", "assignee", "unread", "last_message", "last_at"]
        read_only_fields = ["id", "contact", "unread", "last_message", "last_at"]


class AnswerSerializer(serializers.Serializer[Any]):
    """What is to be sent to the contact by hand."""

    channel = serializers.ChoiceField(choices=Message.Channel.choices)
    text = serializers.CharField(max_length=replying.LONGEST, trim_whitespace=False)
    subject = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ConversationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, ApiViewSet):
    """Threads with contacts."""

    scope = "messages"
    http_method_names = ["get", "patch", "post", "head", "options"]
    queryset = Conversation.objects.select_related("assignee")
    serializer_class = ConversationSerializer
    filterset_class = ConversationFilter

    def perform_update(self, serializer: Any) -> None:
        """Closes, opens or assigns it."""
        given, thread = serializer.validated_data, serializer.instance
        if "assignee" in given:
            threads.assign(thread, given["assignee"])
        if "status" in given:
            (threads.close if given["status"] == Conversation.Status.CLOSED else threads.reopen)(thread)
        thread.refresh_from_db()

    @extend_schema(
        request=AnswerSerializer, responses={202: MessageSerializer},
        examples=[OpenApiExample("A text", {"channel": "sms", "text": "Until six."}, request_only=True)],
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="messages", pagination_class=None, filterset_class=None)
    def answer(self, request: Request, **kwargs: Any) -> Response:
        """Sends a message to the contact, unless it must not be written to: then 422 says why."""
        given, thread = self.inputs(AnswerSerializer), self.get_object()
        user: Any = request.user if getattr(request.user, "pk", None) else None
        try:
            message = replying.write(
                thread.contact, given["channel"], given["text"], user, timezone.now(), given.get("subject", "")
            )
        except replying.NotTaken as refused:
            raise Invalid([Problem(("channel",), str(refused))]) from refused
        return Response(
            MessageSerializer(message, context=self.get_serializer_context()).data, status.HTTP_202_ACCEPTED
        )
