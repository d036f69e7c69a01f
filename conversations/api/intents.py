"""What replies mean, over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from conversations.models import Intent
from conversations.models.intent import check_phrases
from triggers.api.serializers import RowSerializer
from triggers.api.views import ApiModelViewSet


class IntentSerializer(RowSerializer):
    """An intent and its phrases. Its key cannot be changed: workflows call it by that."""

    phrases = serializers.ListField(child=serializers.CharField(), required=False)

    class Meta:
        model = Intent
        fields = ["id", "key", "name", "phrases"]

    def validate_key(self, value: str) -> str:
        if self.instance is not None and value != self.instance.key:
            raise serializers.ValidationError(_("The key of an intent never changes. Make another one."))
        return value

    def validate_phrases(self, value: list[str]) -> list[str]:
        try:
            check_phrases(value)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return value


class IntentViewSet(ApiModelViewSet):
    """What replies mean, by the phrases they hold."""

    scope = "messages"
    queryset: Any = Intent.objects.all()
    serializer_class = IntentSerializer
    filterset_fields = ("key",)
