"""How journeys look from outside, and what is sent to move one on."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from pipelines.models import Journey, JourneyStep, JourneyTrack, Map
from triggers.api.serializers import RowSerializer


class JourneyStepSerializer(serializers.ModelSerializer[JourneyStep]):
    """A step as it was when it opened. `step` is the number that acts name."""

    value = serializers.JSONField(read_only=True)
    choices = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = JourneyStep
        fields = [
            "step", "name", "control", "choices", "mirrors", "required", "status", "value", "done_by", "percent",
            "opened_at", "closed_at",
        ]  # fmt: skip


class JourneyTrackSerializer(serializers.ModelSerializer[JourneyTrack]):
    """A track that has opened, with its steps."""

    steps = JourneyStepSerializer(many=True, read_only=True)

    class Meta:
        model = JourneyTrack
        fields = ["track", "name", "kind", "status", "wave", "opened_at", "closed_at", "steps"]


class JourneySerializer(RowSerializer):
    """A lead's way through a map; where it stands, and what is to do. `loops` are moves that were refused."""

    whole_only = ("tracks", "loops")

    contact = ContactField(queryset=Contact.objects.all())
    map_name = serializers.CharField(source="map.name", read_only=True)
    tracks = JourneyTrackSerializer(many=True, read_only=True)
    loops = serializers.SerializerMethodField()

    class Meta:
        model = Journey
        fields = [
            "id", "contact", "map", "map_name", "status", "outcome", "reason", "is_current", "channel",
            "video_access", "opened_at", "ready_at", "closed_at", "left_at", "tracks", "loops",
        ]  # fmt: skip
        read_only_fields = ["status", "outcome", "reason", "is_current", "channel", "video_access"]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_loops(self, journey: Journey) -> list[str]:
        return [loop.map.name for loop in journey.loops.select_related("map")]


class AssignSerializer(serializers.Serializer[Any]):
    """Which contact goes into which map."""

    contact = ContactField(queryset=Contact.objects.all())
    map = serializers.PrimaryKeyRelatedField(queryset=Map.objects.all())


class ValueSerializer(serializers.Serializer[Any]):
    """What was entered in the step, as its control takes it."""

    value = serializers.JSONField(required=False, allow_null=True, default=None)


class CompleteSerializer(ValueSerializer):
    by = serializers.ChoiceField(["agent", "lead"], default="agent", help_text=_("who completed it"))


class WatchSerializer(serializers.Serializer[Any]):
    percent = serializers.IntegerField(min_value=0, max_value=100, default=100)


class LinkSerializer(serializers.Serializer[Any]):
    """Where the lead's own page is. Whoever has the address can act as the lead."""

    link = serializers.URLField()
