"""How messages look from outside, and what is asked of a reply that comes in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from conversations.models import Message
from conversations.services import MAX_BODY
from triggers.api.serializers import RowSerializer


class MessageSerializer(RowSerializer):
    """A message to or from a contact, with its state and the reason for it."""

    whole_only = ("text", "html")

    workflow = serializers.IntegerField(source="workflow_id", read_only=True, allow_null=True)
    run = serializers.IntegerField(source="run_id", read_only=True, allow_null=True)

    class Meta:
        model = Message
        fields = [
            "id", "contact", "direction", "channel", "status", "reason", "category", "subject", "text", "html",
            "from_address", "to_address", "reply_to", "message_id", "in_reply_to", "workflow", "run",
            "created_at", "sent_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReplySerializer(serializers.Serializer[Any]):
    """What a contact wrote to us. A known `message_id` is not recorded again."""

    contact = ContactField(queryset=Contact.objects.all())
    direction = serializers.ChoiceField(
        choices=["in"], default="in", help_text=gettext_lazy("mail to contacts is sent by workflows")
    )
    channel = serializers.ChoiceField(choices=Message.Channel.choices, default=Message.Channel.EMAIL)
    subject = serializers.CharField(max_length=500, required=False, allow_blank=True)
    text = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False)
    from_address = serializers.CharField(max_length=320, required=False, allow_blank=True)
    to_address = serializers.CharField(max_length=320, required=False, allow_blank=True)
    message_id = serializers.CharField(max_length=255, required=False, help_text=gettext_lazy("its Message-ID"))
    in_reply_to = serializers.CharField(
        max_length=255, required=False, help_text=gettext_lazy("the Message-ID of the mail it answers")
    )

    def validate_message_id(self, value: str) -> str:
        if Message.objects.filter(message_id=value, direction=Message.Direction.OUT).exists():
            raise serializers.ValidationError(
                _("This is the Message-ID of a mail that was sent. Give it as in_reply_to.")
            )
        return value
