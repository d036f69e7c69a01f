"""How pipelines, their stages and the reasons for winning or losing look from outside."""

from typing import Any

from pipelines.models import LostReason, Pipeline, Stage
from triggers.api.serializers import CheckedSerializer, RowSerializer


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
