"""How inbound webhooks look from outside. Tokens are told once, secrets never."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from capture.models import InboundRequest, InboundWebhook
from triggers.api.serializers import RowSerializer

# A list shows the beginning of each body; the whole one is in the event.
SHOWN_OF_BODY = 2000


class InboundWebhookSerializer(RowSerializer):
    """An address for one outside system. `mapping` says which contact field is read from where."""

    secret = serializers.CharField(
        write_only=True, required=False, max_length=500,
        help_text=_("What the sender signs with. Another one replaces it; the former works for 24 h more."),
    )  # fmt: skip
    mapping = serializers.DictField(child=serializers.CharField(), required=False)
    match_by = serializers.ListField(child=serializers.CharField(), required=False)

    class Meta:
        model = InboundWebhook
        fields = [
            "id", "name", "active", "token_last4", "previous_until", "allow_get", "signature", "secret", "hmac_header",
            "hmac_prefix", "hmac_encoding", "mapping", "match_by", "per_minute", "capturing", "sampled_at", "owner",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["token_last4", "previous_until", "capturing", "sampled_at", "created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's own rules, on the row as it would be."""
        row = InboundWebhook.objects.get(pk=self.instance.pk) if self.instance else InboundWebhook()
        for name, value in attrs.items():
            setattr(row, name, value)
        try:
            row.clean_fields(exclude=["token_digest", "token_last4"])
            row.clean()
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return attrs


class TokenSerializer(serializers.Serializer[Any]):
    """A token, told this once, and the whole address to send to."""

    token = serializers.CharField()
    address = serializers.CharField()
    previous_until = serializers.DateTimeField(allow_null=True, help_text=_("how long the former token works"))


class MadeSerializer(InboundWebhookSerializer):
    """A new webhook, with its token and address, told this once."""

    token = serializers.CharField(read_only=True)
    address = serializers.CharField(read_only=True)

    class Meta(InboundWebhookSerializer.Meta):
        fields = [*InboundWebhookSerializer.Meta.fields, "token", "address"]


class SampleSerializer(serializers.Serializer[Any]):
    """What came in as the sample, and a mapping that would suit it."""

    capturing = serializers.BooleanField(help_text=_("whether the next request becomes the sample"))
    sampled_at = serializers.DateTimeField(allow_null=True)
    sample = serializers.DictField(allow_null=True, help_text=_("method, content_type, headers, query and body"))
    suggested_mapping = serializers.DictField(child=serializers.CharField())


class InboundRequestSerializer(RowSerializer):
    """A request as it came in, what became of it, and what of it could not be stored."""

    delivery_id = serializers.CharField(source="external_id", read_only=True)
    body = serializers.SerializerMethodField(help_text=_("the first 2,000 characters"))
    problems = serializers.ListField(child=serializers.CharField(), read_only=True)
    headers = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = InboundRequest
        fields = [
            "id", "delivery_id", "method", "query", "headers", "content_type", "body", "received_at", "status",
            "error", "problems", "event_id", "contact_id",
        ]  # fmt: skip

    def get_body(self, request: InboundRequest) -> str:
        return bytes(request.body[: SHOWN_OF_BODY * 4]).decode(errors="replace")[:SHOWN_OF_BODY]
