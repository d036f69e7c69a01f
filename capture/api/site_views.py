"""Websites over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from capture.models import Site
from triggers.api.serializers import RowSerializer
from triggers.api.views import ApiModelViewSet


class SiteSerializer(RowSerializer):
    """A website with our script: from which of its addresses reports are taken."""

    allowed_origins = serializers.ListField(child=serializers.CharField(), min_length=1)

    class Meta:
        model = Site
        fields = ["id", "name", "key", "active", "allowed_origins", "created_at", "updated_at"]
        read_only_fields = ["created_at"]

    def validate_key(self, value: str) -> str:
        if self.instance is not None and value != self.instance.key:
            raise serializers.ValidationError(_("The key of a website never changes. Make another one."))
        return value

    def validate_allowed_origins(self, value: Any) -> Any:
        try:
            Site._meta.get_field("allowed_origins").clean(value, None)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return value


class SiteViewSet(ApiModelViewSet):
    """Websites that report what is looked at."""

    scope = "sites"
    queryset = Site.objects.all()
    serializer_class = SiteSerializer
    filterset_fields = ("key", "active")
