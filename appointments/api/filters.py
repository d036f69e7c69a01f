"""What lists of appointments may be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from django_filters import rest_framework as filters

from appointments.models import Appointment
from triggers.api.filters import ContactIdFilter


class AppointmentFilter(filters.FilterSet):
    """By whose they are, when they begin, and how they stand."""

    contact = ContactIdFilter(field_name="contact_id")
    user = filters.CharFilter(field_name="user__username")
    status = filters.MultipleChoiceFilter(choices=Appointment.Status.choices)
    start_since = filters.IsoDateTimeFilter(field_name="start_at", lookup_expr="gte")
    start_before = filters.IsoDateTimeFilter(field_name="start_at", lookup_expr="lt")

    class Meta:
        model = Appointment
        fields = ["calendar", "series", "source"]
