"""How forms and submissions look from outside. A form is read and written whole, with its questions."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from capture.forms.checking import check_together, fill_keys
from capture.models import Form, FormField, Submission
from triggers.api.serializers import RowSerializer

MOST_QUESTIONS = 200


class FormChoiceSerializer(serializers.Serializer[Any]):
    """One choice: what it says, its points, and where in a survey it leads."""

    label = serializers.CharField(max_length=200)  # type: ignore[assignment]
    points = serializers.IntegerField(required=False)
    to = serializers.CharField(
        required=False, max_length=12, help_text=gettext_lazy("the number of a later page, “end” or “disqualify”")
    )


class FormQuestionSerializer(serializers.ModelSerializer[FormField]):
    """One question. Without a key it gets one from its words."""

    choices = FormChoiceSerializer(many=True, required=False)

    class Meta:
        model = FormField
        fields = ["key", "label", "kind", "required", "maps_to", "page", "help_text", "default", "choices"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's own rules, on the row as it would be."""
        row = FormField(**{**attrs, "choices": [dict(each) for each in attrs.get("choices", [])]})
        try:
            row.clean_fields(exclude=["form"])
            row.clean()
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return attrs


class FormSerializer(RowSerializer):
    """A form or a survey. Sending `questions` replaces all of them, in the order given."""

    whole_only = ("questions",)

    questions = FormQuestionSerializer(many=True, required=False, source="fields.all", max_length=MOST_QUESTIONS)  # type: ignore[call-arg]
    address = serializers.CharField(read_only=True, help_text=gettext_lazy("of its own page"))
    allowed_origins = serializers.ListField(child=serializers.CharField(), required=False)
    match_by = serializers.ListField(child=serializers.CharField(), required=False)

    class Meta:
        model = Form
        fields = [
            "id", "name", "key", "kind", "active", "address", "title", "intro", "button", "thank_you",
            "disqualified_text", "redirect_url", "allowed_origins", "match_by", "min_seconds", "per_minute",
            "created_at", "updated_at", "questions",
        ]  # fmt: skip
        read_only_fields = ["created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's own rules, and that the questions go together."""
        questions = attrs["fields"]["all"] if "fields" in attrs else None
        row = Form.objects.get(pk=self.instance.pk) if self.instance else Form()
        for name, value in attrs.items():
            if name != "fields":
                setattr(row, name, value)
        fields = list(row.fields.all()) if questions is None and row.pk else _rows(questions or ())
        try:
            row.clean_fields(exclude=["key"] if not row.key else [])
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        fill_keys(fields)
        problems = check_together(row, fields)
        if problems:
            raise serializers.ValidationError({"questions": problems})
        return attrs

    @transaction.atomic
    def create(self, validated_data: Any) -> Form:
        questions = validated_data.pop("fields", {"all": []})["all"]
        form: Form = super().create(validated_data)
        _put(form, questions)
        return form

    @transaction.atomic
    def update(self, instance: Form, validated_data: Any) -> Form:
        questions = validated_data.pop("fields", {"all": None})["all"]
        form: Form = super().update(instance, validated_data)
        if questions is not None:
            _put(form, questions)
        return form


class AnsweredSerializer(RowSerializer):
    """A submission with its answers, how it came, and what of it could not be stored."""

    answers = serializers.DictField(read_only=True)
    utm = serializers.DictField(child=serializers.CharField(), read_only=True)
    consents = serializers.ListField(child=serializers.CharField(), read_only=True)
    unknown = serializers.ListField(child=serializers.CharField(), read_only=True)
    problems = serializers.ListField(child=serializers.CharField(), read_only=True)
    files = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = [
            "id", "form", "uid", "status", "received_at", "answers", "files", "terms", "consents", "disqualified", "score",
            "page_url", "referrer", "utm", "unknown", "problems", "contact_id", "event_id",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_files(self, submission: Submission) -> list[dict[str, Any]]:
        return [{"field": each.field_key, "name": each.name, "size": each.size} for each in submission.files.all()]


def _rows(questions: Iterable[Any]) -> list[FormField]:
    """Rows that are not stored, in their order."""
    return [
        FormField(position=n, **{**each, "choices": [dict(choice) for choice in each.get("choices", [])]})
        for n, each in enumerate(questions, 1)
    ]


def _put(form: Form, questions: Iterable[Any]) -> None:
    """Replaces all questions."""
    rows = _rows(questions)
    fill_keys(rows)
    form.fields.all().delete()
    for row in rows:
        row.form = form
    FormField.objects.bulk_create(rows)
