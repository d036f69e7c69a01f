"""How messages look from outside, and what is asked of a reply that comes in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from conversations.models import Arrival, Attachment, Message
from conversations.services import MAX_BODY
from conversations.statuses import RANKS
from triggers.api.serializers import RowSerializer


class AttachmentSerializer(RowSerializer):
    """A file that came with a message; `GET messages/attachments/<number>/` gives what was kept."""

    class Meta:
        model = Attachment
        fields = ["id", "name", "content_type", "size", "status", "reason"]
        read_only_fields = fields


class MessageSerializer(RowSerializer):
    """A message to or from a contact, with its state and the reason for it."""

    whole_only = ("text", "html")

    workflow = serializers.IntegerField(source="workflow_id", read_only=True, allow_null=True)
    run = serializers.IntegerField(source="run_id", read_only=True, allow_null=True)
    attachments = AttachmentSerializer(many=True, read_only=True)
    disposition: Any = serializers.SlugRelatedField(slug_field="key", read_only=True, allow_null=True)

    class Meta:
        model = Message
        fields = [
            "id", "contact", "direction", "channel", "status", "reason", "category", "subject", "text", "html",
            "media", "attachments", "from_address", "to_address", "reply_to", "message_id", "in_reply_to", "gateway",
            "provider_id",
            "error_code", "call_status", "call_seconds", "disposition", "workflow", "run", "created_at", "sent_at", "status_at",
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


class IncomingSerializer(serializers.Serializer[Any]):
    """A message as a gateway brings it in. `provider_id` is what the gateway calls it: the same comes in once."""

    channel = serializers.ChoiceField(choices=Message.Channel.choices)
    gateway = serializers.CharField(max_length=100, help_text=gettext_lazy("your name for what brings it in"))
    provider_id = serializers.CharField(max_length=200)
    from_address = serializers.CharField(max_length=320, help_text=gettext_lazy("number, address or account"))
    to_address = serializers.CharField(max_length=320, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    subject = serializers.CharField(max_length=500, required=False, allow_blank=True)
    body = serializers.CharField(max_length=MAX_BODY, allow_blank=True, trim_whitespace=False)
    media = serializers.ListField(child=serializers.URLField(max_length=1000), max_length=20, required=False)


class TakenSerializer(serializers.Serializer[Any]):
    """What became of an incoming message."""

    message: Any = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, pk_field=serializers.IntegerField()
    )
    kind = serializers.ChoiceField(choices=Arrival.Kind.choices)
    why = serializers.CharField(allow_blank=True)
    again = serializers.BooleanField(help_text=gettext_lazy("it came before"))


class StatusSerializer(serializers.Serializer[Any]):
    """How a message fared, as its gateway tells. Reports may come in any order."""

    gateway = serializers.CharField(max_length=120, help_text=gettext_lazy("as the message names it: http:my-provider"))
    provider_id = serializers.CharField(max_length=200)
    status = serializers.ChoiceField(choices=[(status, str(Message.Status(status).label)) for status in RANKS])
    at = serializers.DateTimeField(required=False, help_text=gettext_lazy("now, unless told"))
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True)


class RecordedSerializer(serializers.Serializer[Any]):
    """What became of a report."""

    message: Any = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, pk_field=serializers.IntegerField()
    )
    changed = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)
