"""What the lists of messages and threads can be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from typing import Any

from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters

from conversations.models import Conversation, Message
from triggers.api.filters import ContactIdFilter


class MessageFilter(filters.FilterSet):
    """Messages by whom they are with, which way they went, how they stand, and when they were written."""

    contact = ContactIdFilter(field_name="contact_id")
    workflow = filters.NumberFilter(field_name="workflow_id")
    run = filters.NumberFilter(field_name="run_id")
    direction = filters.ChoiceFilter(choices=Message.Direction.choices)
    channel = filters.ChoiceFilter(choices=Message.Channel.choices)
    status = filters.ChoiceFilter(choices=Message.Status.choices)
    category = filters.ChoiceFilter(choices=Message.Category.choices)
    disposition = filters.CharFilter(
        field_name="disposition__key", help_text=gettext_lazy("the key of a call's outcome")
    )
    message_id = filters.CharFilter()
    since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")


class ConversationFilter(filters.FilterSet):
    """Threads by whom they are with, how they stand and whose they are."""

    contact = ContactIdFilter(field_name="contact_id")
    status = filters.ChoiceFilter(choices=Conversation.Status.choices)
    assignee = filters.CharFilter(field_name="assignee__username", help_text=gettext_lazy("a user name"))
    unread = filters.BooleanFilter(
        method="with_unread", help_text=gettext_lazy("only with unread messages, or without")
    )

    def with_unread(self, queryset: Any, _name: str, value: bool) -> Any:
        return queryset.filter(unread__gt=0) if value else queryset.filter(unread=0)
