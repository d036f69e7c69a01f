"""Trigger links over the API."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from capture.models import TriggerLink
from triggers.api.serializers import RowSerializer
from triggers.api.views import ApiModelViewSet


class TriggerLinkSerializer(RowSerializer):
    """A link that tells when it is followed. Its key cannot be changed: messages call it by that."""

    address = serializers.CharField(read_only=True, help_text=_("for everybody; who follows it stays unknown"))
    merge_field = serializers.SerializerMethodField(help_text=_("what to write into messages"))

    class Meta:
        model = TriggerLink
        fields = ["id", "name", "key", "destination", "active", "address", "merge_field", "created_at", "updated_at"]
        read_only_fields = ["created_at"]

    def validate_key(self, value: str) -> str:
        if self.instance is not None and value != self.instance.key:
            raise serializers.ValidationError(_("The key of a link never changes. Make another link."))
        return value

    def validate_destination(self, value: str) -> str:
        try:
            TriggerLink._meta.get_field("destination").clean(value, None)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return value

    def get_merge_field(self, link: TriggerLink) -> str:
        return f"{{{{ links.{link.key} }}}}"


class TriggerLinkViewSet(ApiModelViewSet):
    """Trigger links."""

    scope = "trigger-links"
    queryset = TriggerLink.objects.all()
    serializer_class = TriggerLinkSerializer
    filterset_fields = ("key", "active")
