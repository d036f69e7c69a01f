"""What may come of calls, over the API."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from conversations.models import Disposition
from triggers.api.serializers import CheckedSerializer
from triggers.api.views import ApiModelViewSet


class DispositionSerializer(CheckedSerializer):
    """An outcome of calls. Its key is made from its first name and stays: workflows call it by that."""

    class Meta:
        model = Disposition
        fields = ["id", "key", "name"]
        read_only_fields = ["key"]


class OutcomeSerializer(serializers.Serializer[Any]):
    """What came of a call."""

    disposition = serializers.SlugRelatedField(
        slug_field="key", queryset=Disposition.objects.all(), allow_null=True,
        help_text=gettext_lazy("the key of the outcome; null takes it back"),
    )  # fmt: skip


class DispositionViewSet(ApiModelViewSet):
    """Outcomes of calls. One that a call has cannot be deleted."""

    scope = "messages"
    queryset = Disposition.objects.all()
    serializer_class = DispositionSerializer
    filterset_fields = ("key",)
