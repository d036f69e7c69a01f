"""How pipelines, their stages and the reasons for winning or losing look from outside."""

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from pipelines.models import LostReason, Pipeline, Stage
from triggers.api.serializers import RowSerializer


class CheckedSerializer(RowSerializer):
    """Refuses what the model's own check refuses, at the same fields."""

    def made(self) -> Any:
        """An empty row of the model."""
        kind: Any = self.Meta.model
        return kind()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        row = copy(self.instance) if self.instance is not None else self.made()
        for name, value in attrs.items():
            setattr(row, name, value)
        try:
            row.full_clean()
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return attrs


class StageSerializer(CheckedSerializer):
    """A stage. `probability` is in percent; deals without activity for `rotting_days` days count as stale."""

    class Meta:
        model = Stage
        fields = ["id", "key", "pipeline", "name", "position", "probability", "rotting_days", "colour"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.instance is not None:
            # Its deals would not follow.
            fields["pipeline"].read_only = True
        return fields


class PipelineStageSerializer(RowSerializer):
    class Meta:
        model = Stage
        fields = ["id", "key", "name", "position", "probability", "rotting_days", "colour"]


class PipelineSerializer(CheckedSerializer):
    """A pipeline with its stages in their order; they are written at `/stages/`."""

    stages = PipelineStageSerializer(many=True, read_only=True)

    class Meta:
        model = Pipeline
        fields = ["id", "key", "name", "currency", "position", "stages", "created_at", "updated_at"]
        read_only_fields = ["created_at"]


class LostReasonSerializer(CheckedSerializer):
    """Why deals are won or lost; `outcome` says for which it is."""

    class Meta:
        model = LostReason
        fields = ["id", "key", "name", "outcome", "position"]
