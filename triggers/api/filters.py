"""What lists of the engine's rows can be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from triggers.facts import sources
from triggers.models import Destination, Event, Run, Workflow


class IdFilter(filters.NumberFilter):
    """A row's number. One that no column holds is refused, instead of breaking the query."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=2**63 - 1, **kwargs)


class ContactIdFilter(IdFilter):
    """A contact by its number, or by one it had before it was merged."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        known = sources["contact"].current(int(value)) if value is not None and "contact" in sources else None
        rows: QuerySet[Any] = super().filter(qs, value if known is None else known)
        return rows


class WorkflowFilter(filters.FilterSet):
    """Workflows by state, folder and short name."""

    status = filters.ChoiceFilter(choices=Workflow.Status.choices)
    folder = filters.CharFilter()
    slug = filters.CharFilter()


class RunFilter(filters.FilterSet):
    """Runs by what they belong to, their state, and when they began."""

    workflow = IdFilter(field_name="workflow_id")
    contact = ContactIdFilter(field_name="contact_id")
    event = IdFilter(field_name="event_id")
    status = filters.ChoiceFilter(choices=Run.Status.choices)
    mode = filters.ChoiceFilter(choices=Run.Mode.choices)
    since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")


class EventFilter(filters.FilterSet):
    """Events by type, whom and what they are about, and when they happened."""

    type = filters.CharFilter()
    contact = ContactIdFilter(field_name="contact_id")
    subject = filters.CharFilter(
        method="about", help_text=_("model label and id, such as contacts.contact:5; or the label alone")
    )
    since = filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")

    def about(self, rows: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        label, _colon, key = value.partition(":")
        rows = rows.filter(subject_type=label)
        if not key:
            return rows
        return rows.filter(subject_id=int(key)) if key.isdecimal() and len(key) < 19 else rows.none()


class MissFilter(filters.FilterSet):
    """Non-starts by workflow and event."""

    workflow = IdFilter(field_name="workflow_id")
    event = IdFilter(field_name="event_id")
    since = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")


class DestinationFilter(filters.FilterSet):
    """Receivers by state."""

    status = filters.ChoiceFilter(choices=Destination.Status.choices)


class NoticeFilter(filters.FilterSet):
    """Notices still to be read, or read."""

    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
