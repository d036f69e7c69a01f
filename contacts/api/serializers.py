"""How contacts, tags, notes and tasks look from outside. Writing goes through `contacts.services`."""

from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from contacts.api.person_serializers import ContactField
from contacts.custom import checking, days, values
from contacts.custom.days import Birthday
from contacts.models import CHANNELS, Contact, CustomField, DndChange, Note, ScoreChange, ScoreRule, Tag, Task
from contacts.scores import score_rules
from contacts.todo import planning
from triggers.api.serializers import CheckedSerializer, RowSerializer

MAX_NAMES = 50
CLOSABLE = ["all", *(key for key, _label in CHANNELS)]


class ContactSerializer(RowSerializer):
    """A contact. `tags` are names; `owner` is a username; a phone is stored in E.164 beside what was written."""

    owner = serializers.CharField(required=False, allow_null=True, help_text=_("a username"))
    email = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=60)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=MAX_NAMES, help_text=_("names of tags")
    )
    dnd = serializers.DictField(child=serializers.BooleanField(), required=False, help_text=_("closed channels"))
    birth_date = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=20,
        help_text=_("a date such as 1990-05-17; without the year 05-17, which is answered as --05-17"),
    )  # fmt: skip
    custom_fields = serializers.DictField(
        required=False,
        help_text=_(
            "values by key, each of the kind that /custom-fields/ tells; keys that are left out stay, null removes one"
        ),
    )
    attribution = serializers.DictField(required=False)
    extra_emails = serializers.ListField(child=serializers.CharField(), required=False)
    extra_phones = serializers.ListField(child=serializers.CharField(), required=False)

    class Meta:
        model = Contact
        fields = [
            "id", "first_name", "last_name", "email", "extra_emails", "phone", "phone_raw", "extra_phones", "company",
            "job_title", "website", "street", "city", "state", "postal_code", "country", "time_zone", "language",
            "birth_date", "source", "attribution", "external_id", "owner", "lead_status", "channel", "dnd", "score",
            "custom_fields", "tags", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["phone_raw", "score", "created_at"]

    def validate_birth_date(self, value: str | None) -> Birthday:
        return days.birthday(value)

    def validate_custom_fields(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refusals stand at each field; what is so already passes, even where nobody defined or uses it any more."""
        stored = self.instance.custom_fields if self.instance else {}
        given = {key: value for key, value in given.items() if key not in stored or stored[key] != value}
        country = self.initial_data.get("country") or (self.instance.country if self.instance else "")
        try:
            values.clean(given, country if isinstance(country, str) else "")
        except DjangoValidationError as error:
            raise _at_keys(error.message_dict) from None
        return given

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        missing = {} if self.instance else values.missing(attrs.get("custom_fields", {}))
        if missing:
            raise serializers.ValidationError({"custom_fields": _at_keys(missing).detail})
        return attrs

    def to_representation(self, instance: Contact) -> dict[str, Any]:
        # The declared fields are for writing; names of tags and owner are read from what is prefetched.
        tags = sorted(tagging.tag.name for tagging in instance.taggings.all())
        stored = {name: getattr(instance, name) for name in self.Meta.fields if name not in ("tags", "owner")}
        stored["birth_date"] = str(Birthday(instance.birth_date, instance.yearless_birthday)) or None
        owner = instance.owner.get_username() if instance.owner else None
        return {name: {**stored, "tags": tags, "owner": owner}[name] for name in self.Meta.fields}


def _at_keys(refused: dict[str, list[str]]) -> serializers.ValidationError:
    """Refusals by dotted name as they stand within `custom_fields`."""
    return serializers.ValidationError({name.removeprefix("custom_fields."): said for name, said in refused.items()})


class ChoiceSerializer(serializers.Serializer[Any]):
    """What may be chosen: `value` is stored, `label` is shown; without a label the value is."""

    value = serializers.CharField(max_length=checking.LONGEST_CHOICE)
    label = serializers.CharField(max_length=checking.LONGEST_CHOICE, required=False)  # type: ignore[assignment]


class CustomFieldSerializer(CheckedSerializer):
    """A custom field of contacts, or of the records that `on` names. Key and `on` never change.

    An archived field takes no values and keeps those it has.
    """

    choices = serializers.ListField(
        child=ChoiceSerializer(), required=False, max_length=checking.MOST_CHOICES,
        help_text=_("for choice and multi_choice"),
    )  # fmt: skip
    archived = serializers.BooleanField(required=False)

    class Meta:
        model = CustomField
        fields = [
            "id", "on", "key", "label", "kind", "choices", "currency", "required", "help_text", "position", "archived",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["created_at"]
        # told at the key, by the model's own check
        validators: ClassVar[list[Any]] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As the model judges the row with these values; what it tidies up is what is stored."""
        row = self.judged(attrs)
        return {**attrs, "choices": row.choices, "currency": row.currency}


class TagsSerializer(serializers.Serializer[Any]):
    tags = serializers.ListField(
        child=serializers.CharField(max_length=80), min_length=1, max_length=MAX_NAMES, help_text=_("names of tags")
    )


class MovedTagsSerializer(serializers.Serializer[Any]):
    """Which tags really came or went; the others were so already."""

    moved = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())


class DndSerializer(serializers.Serializer[Any]):
    channels = serializers.ListField(
        child=serializers.ChoiceField(["all", *(key for key, _label in CHANNELS)]), min_length=1
    )
    on = serializers.BooleanField(help_text=_("true closes the channels"))
    direction = serializers.ChoiceField(
        DndChange.Direction.choices, default=DndChange.Direction.OUTBOUND,
        help_text=_("inbound where the contact asked for it"),
    )  # fmt: skip
    reason = serializers.CharField(default="", max_length=300, allow_blank=True)


class DndChangeSerializer(RowSerializer):
    """A channel was closed or opened: by whom, when and why. `enabled` is true where it was closed."""

    class Meta:
        model = DndChange
        fields = ["id", "channel", "enabled", "old", "direction", "reason", "actor", "actor_id", "origin", "at"]


class ScoreSerializer(serializers.Serializer[Any]):
    points = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000)
    reason = serializers.CharField(default="", max_length=120, allow_blank=True)


class ScoreChangeSerializer(RowSerializer):
    """Why the engagement score is what it is: one step. `event_id` names the event whose points a rule gave."""

    class Meta:
        model = ScoreChange
        fields = [
            "id",
            "delta",
            "before",
            "after",
            "rule",
            "event_id",
            "decayed_to",
            "reason",
            "actor",
            "actor_id",
            "at",
        ]


class ScoreRuleSerializer(RowSerializer):
    """Points for an event of a type, where its conditions hold."""

    conditions = serializers.DictField(required=False, allow_null=True, help_text=_("as in a workflow's trigger"))

    class Meta:
        model = ScoreRule
        fields = ["id", "name", "event_type", "conditions", "points", "cap", "active", "since", "created_at"]
        read_only_fields = ["since", "created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What staff would be told, at the same fields."""
        rule = ScoreRule(**{**self._stored(), **attrs})
        problems = score_rules.problems(rule)
        if problems:
            raise serializers.ValidationError(problems)
        return attrs

    def _stored(self) -> dict[str, Any]:
        known = ("event_type", "conditions", "points")
        return {name: getattr(self.instance, name) for name in known} if self.instance is not None else {}


class TagSerializer(RowSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name", "created_at"]

    def validate_name(self, name: str) -> str:
        """Tags are one whatever their case."""
        same = Tag.objects.filter(name__iexact=name).first()
        if same is not None and same != self.instance:
            raise serializers.ValidationError(_("There is a tag of this name already."))
        return name


class NoteSerializer(RowSerializer):
    contact = ContactField(queryset=Contact.objects.all())

    class Meta:
        model = Note
        fields = ["id", "contact", "body", "author", "created_at", "updated_at"]
        read_only_fields = ["author", "created_at"]


class TaskSerializer(RowSerializer):
    """Something to be done. `assignee` is a username.

    Due is either a moment (`due_at`) or a whole day (`due_on`, with `due_at` its last second); writing one clears the
    other. `remind_before` is in minutes, and `remind_at` follows from it where it is given.
    """

    contact = ContactField(queryset=Contact.objects.all(), required=False, allow_null=True)
    assignee = serializers.SlugRelatedField(
        slug_field="username", queryset=get_user_model()._default_manager.all(), required=False, allow_null=True
    )

    class Meta:
        model = Task
        fields = [
            "id", "contact", "title", "description", "assignee", "due_at", "due_on", "remind_before", "remind_at",
            "priority", "repeats", "repeat_every", "repeat_until", "follows", "completed_at", "completed_by",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["follows", "completed_at", "completed_by", "created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses what the task's own check refuses, at the same fields."""
        if attrs.get("due_at") and attrs.get("due_on"):
            raise serializers.ValidationError({"due_on": _("Give either a moment or a whole day, not both.")})
        task = Task() if self.instance is None else Task.objects.get(pk=self.instance.pk)
        for name, value in attrs.items():
            setattr(task, name, value)
        problems = planning.problems(task)
        if problems:
            raise serializers.ValidationError(problems)
        return attrs
