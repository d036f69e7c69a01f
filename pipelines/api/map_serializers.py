"""How maps, tracks and steps look from outside."""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pipelines.maps import lint
from pipelines.models import JourneyStep, JourneyTrack, Map, Step, Track
from triggers.api.problems import located
from triggers.api.serializers import CheckedSerializer, DraftProblemSerializer


class MapSerializer(CheckedSerializer):
    """A whole way of working a lead. `problems` are errors that keep leads out of it, and warnings."""

    whole_only = ("problems",)

    problems = serializers.SerializerMethodField()

    class Meta:
        model = Map
        fields = ["id", "key", "name", "colour", "description", "active", "created_at", "updated_at", "problems"]
        read_only_fields = ["created_at"]

    @extend_schema_field(DraftProblemSerializer(many=True))
    def get_problems(self, row: Map) -> list[dict[str, str]]:
        return [{**located(each), "level": "warning" if each.warning else "error"} for each in lint.lint(row)]


class TrackSerializer(CheckedSerializer):
    """A stretch of a map. Its map never changes, and its kind not once leads have been in it."""

    class Meta:
        model = Track
        fields = ["id", "key", "map", "name", "kind", "description", "position"]
        extra_kwargs = {"position": {"required": False}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refuse_move(self.instance, attrs, "map")
        kind = getattr(self.instance, "kind", None)
        used = self.instance is not None and JourneyTrack.objects.filter(track=self.instance).exists()
        if used and attrs.get("kind", kind) != kind:
            raise serializers.ValidationError({"kind": _("Leads have been in this track; add another one instead.")})
        attrs.setdefault("position", self.instance.position if self.instance else _after(Track, map=attrs.get("map")))
        return super().validate(attrs)


class MapStepSerializer(CheckedSerializer):
    """One thing to be done. Its track never changes, and its control not once leads have got to it."""

    choices = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=200,
        help_text=_("of a dropdown or radio buttons"),
    )  # fmt: skip

    class Meta:
        model = Step
        fields = [
            "id", "key", "track", "name", "description", "completion_message", "control", "choices", "mirrors", "video_url",
            "required", "done_by", "position",
        ]  # fmt: skip
        extra_kwargs = {"position": {"required": False}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refuse_move(self.instance, attrs, "track")
        used = self.instance is not None and JourneyStep.objects.filter(step=self.instance).exists()
        for name in ("control", "mirrors"):
            if used and attrs.get(name, getattr(self.instance, name)) != getattr(self.instance, name):
                raise serializers.ValidationError({name: _("Leads have got to this step; add another one instead.")})
        attrs.setdefault(
            "position", self.instance.position if self.instance else _after(Step, track=attrs.get("track"))
        )
        return super().validate(attrs)


def refuse_move(row: Any, attrs: dict[str, Any], name: str) -> None:
    """Raises ValidationError where the row would go to another map or track."""
    if row is not None and name in attrs and attrs[name] != getattr(row, name):
        raise serializers.ValidationError({name: _("It stays where it was made; make another one there.")})


def _after(model: Any, **of: Any) -> int:
    """The position behind the last one."""
    last = model.objects.filter(**of, deleted_at=None).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
