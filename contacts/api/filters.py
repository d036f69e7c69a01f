"""What lists of contacts, notes and tasks may be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from contacts.custom import filtering
from contacts.models import Contact, CustomField, Note, Task
from contacts.models.custom_field import ON_CONTACTS
from contacts.todo import agenda
from triggers.api.filters import ContactIdFilter


class RecordFilter(filters.FilterSet):
    """What records with custom fields have in common: when they changed, words in their texts, a custom field."""

    # The columns in which words are looked for, and which records' custom fields these are.
    words: tuple[str, ...] = ()
    on = ON_CONTACTS

    created_since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    custom_field = filters.CharFilter(
        method="by_custom_field",
        help_text=_("a custom field's key and value, such as size:L; size: for those without. May be given again."),
    )

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in value.split()[:5]:
            found = Q()
            for column in self.words:
                found |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(found)
        return rows

    def by_custom_field(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        try:
            for asked in self.data.getlist(name) if hasattr(self.data, "getlist") else [value]:
                rows = filtering.asked(rows, asked, self.on)
        except ValidationError as error:
            raise serializers.ValidationError({name: error.messages}) from None
        return rows


class ContactFilter(RecordFilter):
    """By who they are, what they carry and when they changed; texts whatever their case."""

    words = ("first_name", "last_name", "email", "phone", "company")

    email = filters.CharFilter(lookup_expr="iexact")
    tag = filters.CharFilter(field_name="taggings__tag__name", lookup_expr="iexact")
    owner = filters.CharFilter(field_name="owner__username")
    search = filters.CharFilter(method="by_text", label="name, e-mail, phone or company")

    class Meta:
        model = Contact
        fields = ["email", "phone", "external_id", "country", "lead_status", "channel", "source"]


class CustomFieldFilter(filters.FilterSet):
    archived = filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = CustomField
        fields = ["on", "key", "kind", "required"]


class NoteFilter(filters.FilterSet):
    contact = ContactIdFilter(field_name="contact_id")

    class Meta:
        model = Note
        fields = ["author"]


class TaskFilter(filters.FilterSet):
    """By contact and person, and by how it stands."""

    contact = ContactIdFilter(field_name="contact_id")
    assignee = filters.CharFilter(field_name="assignee__username")
    open = filters.BooleanFilter(field_name="completed_at", lookup_expr="isnull")
    overdue = filters.BooleanFilter(method="by_overdue", label="open and past its due date")
    due = filters.ChoiceFilter(choices=[*agenda.LABELS.items()], method="by_due", label="open, and due in this span")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    due_after = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte")
    remind_before = filters.IsoDateTimeFilter(field_name="remind_at", lookup_expr="lt")
    completed_since = filters.IsoDateTimeFilter(field_name="completed_at", lookup_expr="gte")
    unassigned = filters.BooleanFilter(field_name="assignee", lookup_expr="isnull")

    class Meta:
        model = Task
        fields = ["priority", "repeats"]

    def by_due(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(agenda.bounds().within(value), completed_at=None)

    def by_overdue(self, rows: QuerySet[Task], name: str, value: Any) -> QuerySet[Task]:
        late = Q(completed_at=None, due_at__lt=timezone.now())
        return rows.filter(late) if value else rows.exclude(late)
