"""How merging, forgetting and the timeline look from outside."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from contacts.dedupe import aliases
from contacts.dedupe.merge_values import FROM, INTO
from contacts.models import Contact
from contacts.people import MAX_ID
from contacts.timeline import KINDS


class ContactField(serializers.PrimaryKeyRelatedField[Contact]):
    """A contact by its number, or by one it had before it was merged."""

    def to_internal_value(self, data: Any) -> Contact:
        survivor = None if isinstance(data, bool) else aliases.survivor_of(data)
        known: Any = data if survivor is None else survivor
        return super().to_internal_value(known)


class MergeSerializer(serializers.Serializer[Any]):
    """Which other contact: `from` is merged into this one, or this one is merged `into` it."""

    into = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_ID, help_text=_("the contact that survives")
    )
    fields_ = serializers.DictField(
        child=serializers.ChoiceField([INTO, FROM]), required=False,
        help_text=_(
            "by field, custom fields as custom_fields.<key>: whose value survives; else the survivor's unless empty"
        ),
    )  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        # Neither name may stand in a class body: one is Python's, the other the framework's.
        declared = super().get_fields()
        other = serializers.IntegerField(
            required=False, min_value=1, max_value=MAX_ID, help_text=_("the contact that goes")
        )
        return {FROM: other, "into": declared["into"], "fields": declared["fields_"]}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (INTO in attrs) == (FROM in attrs):
            raise serializers.ValidationError(_("Give either from or into."))
        return attrs


class MergedSerializer(serializers.Serializer[Any]):
    """What became of a merge."""

    contact = serializers.IntegerField(help_text=_("the survivor"))
    former = serializers.IntegerField(help_text=_("the number that leads to the survivor from now on"))
    moved = serializers.DictField(child=serializers.IntegerField(), help_text=_("records that moved, by kind"))
    stopped_runs = serializers.IntegerField(help_text=_("active runs of a workflow that the survivor has had already"))


class ForgettingSerializer(serializers.Serializer[Any]):
    """How far forgetting has come. `finished_at` is null while there is something left to blank."""

    contact = serializers.IntegerField(source="contact_id")
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text=_("rows blanked or deleted, by table"))


class PersonalDataSerializer(serializers.Serializer[Any]):
    """Everything that is kept about the person."""

    contact = serializers.IntegerField()
    generated_at = serializers.DateTimeField()
    by = serializers.CharField(help_text=_("the organisation"))
    sections = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()), help_text=_("rows by table")
    )


class TimelineSerializer(serializers.Serializer[Any]):
    """One thing that happened, was sent, ran, or did not start."""

    at = serializers.DateTimeField()
    who = serializers.CharField(help_text=_("who did it, or the workflow"))
    what = serializers.CharField()
    detail = serializers.CharField(help_text=_("what changed, or why"))
    url = serializers.CharField(help_text=_("the page in the admin"))


class TimelineQuerySerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField([name for name, _label in KINDS], required=False, default="")
    cursor = serializers.CharField(required=False, default="")
    page_size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class TimelinePageSerializer(serializers.Serializer[Any]):
    """A page, newest first; `previous` is always null: begin again without a cursor to see what is new."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TimelineSerializer(many=True)
