"""What the list of messages can be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from django_filters import rest_framework as filters

from conversations.models import Message
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
    message_id = filters.CharFilter()
    since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
