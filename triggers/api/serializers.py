"""How the engine's rows look from outside. One representation a resource; lists leave the bulky fields out."""

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from triggers.api.problems import located
from triggers.models import ActionRun, Attempt, Destination, Event, Miss, Notice, Run, Workflow, WorkflowVersion
from triggers.workflows import checking

# What a receiver answered is shown in part only (reliability, R27).
SHOWN_OF_ANSWER = 1000


class RowSerializer(serializers.ModelSerializer[Any]):
    """Base of all representations: the fields in `whole_only` come when one row is read, not in lists."""

    whole_only: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if isinstance(self.parent, serializers.ListSerializer):
            return {name: field for name, field in fields.items() if name not in self.whole_only}
        return fields


class CheckedSerializer(RowSerializer):
    """Refuses what the model's own check refuses, at the same fields."""

    def made(self) -> Any:
        """An empty row of the model."""
        kind: Any = self.Meta.model
        return kind()

    def judged(self, attrs: dict[str, Any]) -> Any:
        """The row with these values after its check. Raises `serializers.ValidationError`."""
        row = copy(self.instance) if self.instance is not None else self.made()
        for name, value in attrs.items():
            setattr(row, name, value)
        try:
            row.full_clean()
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return row

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        self.judged(attrs)
        return attrs


class DraftProblemSerializer(serializers.Serializer[Any]):
    """What is wrong with a workflow's draft, and where; errors keep it from being published, warnings do not."""

    pointer = serializers.CharField()
    field = serializers.CharField()
    message = serializers.CharField()
    level = serializers.CharField(help_text=_("error or warning"))


def draft_problems(workflow: Workflow) -> list[dict[str, str]]:
    """The problems of the draft, each at its place in the draft."""
    found = checking.check(workflow.draft, slug=workflow.slug)
    return [{**located(each), "level": "warning" if each.warning else "error"} for each in found]


class WorkflowSerializer(RowSerializer):
    """A workflow. `draft` is what is edited, `version` the number of what runs, `problems` what the draft lacks."""

    whole_only = ("draft", "problems")

    version = serializers.IntegerField(source="current.number", default=None, read_only=True, allow_null=True)
    draft = serializers.DictField(required=False, help_text=_("the workflow document"))
    problems = serializers.SerializerMethodField()

    class Meta:
        model = Workflow
        fields = [
            "id", "name", "slug", "description", "folder", "status", "paused_reason", "version", "owner",
            "enabled_at", "failures", "created_at", "updated_at", "draft", "problems",
        ]  # fmt: skip
        read_only_fields = ["slug", "status", "paused_reason", "enabled_at", "failures"]

    @extend_schema_field(DraftProblemSerializer(many=True))
    def get_problems(self, workflow: Workflow) -> list[dict[str, str]]:
        return draft_problems(workflow)


class VersionSerializer(RowSerializer):
    """A published version: what it was, by whom, why."""

    whole_only = ("document",)

    document = serializers.DictField(read_only=True)

    class Meta:
        model = WorkflowVersion
        fields = ["number", "note", "checksum", "created_by", "created_at", "document"]


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try of an outside action: what was sent, with secrets blanked, and what came back."""

    response = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = ["number", "started_at", "ms", "outcome", "status_code", "request", "response", "error"]

    def get_response(self, attempt: Attempt) -> str:
        return attempt.response[:SHOWN_OF_ANSWER]


class ActionRunSerializer(serializers.ModelSerializer[ActionRun]):
    """One action of a run: what went in, what came out. `key` is what receivers get as idempotency key."""

    attempts = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = ActionRun
        fields = [
            "uid", "action", "status", "key", "tries", "outcome", "config", "result", "summary", "error_kind",
            "error", "started_at", "until", "finished_at", "attempts",
        ]  # fmt: skip


class RunSerializer(RowSerializer):
    """A run: where it stands, why, and what each of its actions did."""

    whole_only = ("vars", "verdict", "actions")

    version = serializers.IntegerField(source="version.number", read_only=True)
    actions = ActionRunSerializer(many=True, read_only=True)

    class Meta:
        model = Run
        fields = [
            "id", "workflow", "version", "event", "trigger_uid", "mode", "status", "reason", "subject_type",
            "subject_id", "contact_id", "at", "due_at", "target", "parent", "replay_of", "created_at",
            "finished_at", "vars", "verdict", "actions",
        ]  # fmt: skip


class EventSerializer(serializers.ModelSerializer[Event]):
    """Something that happened: when, to whom, what changed, and who or what caused it."""

    class Meta:
        model = Event
        fields = [
            "id", "type", "occurred_at", "subject_type", "subject_id", "contact_id", "data", "changes", "actor",
            "actor_id", "origin", "request_id", "cause", "root", "depth", "muted", "matched_at", "match_error",
        ]  # fmt: skip


class MissSerializer(serializers.ModelSerializer[Miss]):
    """Why an event that reached a trigger did not start it."""

    class Meta:
        model = Miss
        fields = ["id", "workflow_id", "event_id", "trigger_uid", "field", "expected", "actual", "reason", "at"]


class DestinationSerializer(serializers.ModelSerializer[Destination]):
    """A receiver outside, and whether it is being called."""

    class Meta:
        model = Destination
        fields = ["id", "key", "status", "reason", "failures", "open_until", "failing_since", "updated_at"]


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice to the user."""

    class Meta:
        model = Notice
        fields = ["id", "text", "link", "created_at", "read_at"]


class CountSerializer(serializers.Serializer[Any]):
    """How many rows were concerned."""

    count = serializers.IntegerField()
