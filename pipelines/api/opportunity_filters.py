"""What lists of opportunities may be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from django_filters import rest_framework as filters

from contacts.api.filters import RecordFilter
from pipelines.models import Opportunity
from pipelines.models.opportunity import ON_DEALS
from triggers.api.filters import ContactIdFilter


class OpportunityFilter(RecordFilter):
    """By where they stand, whose they are, what they are worth, and when they moved, closed or are to close."""

    words = ("name", "contact__first_name", "contact__last_name", "contact__email", "contact__company")
    on = ON_DEALS

    contact = ContactIdFilter(field_name="contact_id")
    status = filters.MultipleChoiceFilter(choices=Opportunity.Status.choices)
    owner = filters.CharFilter(field_name="owner__username")
    unassigned = filters.BooleanFilter(field_name="owner", lookup_expr="isnull")
    follower = filters.CharFilter(field_name="followers__username")
    tag = filters.CharFilter(field_name="contact__taggings__tag__name", lookup_expr="iexact")
    currency = filters.CharFilter(lookup_expr="iexact")
    value_min = filters.NumberFilter(field_name="value", lookup_expr="gte")
    value_max = filters.NumberFilter(field_name="value", lookup_expr="lte")
    search = filters.CharFilter(method="by_text", label="name, or the contact's name, e-mail or company")
    closed_since = filters.IsoDateTimeFilter(field_name="closed_at", lookup_expr="gte")
    closed_before = filters.IsoDateTimeFilter(field_name="closed_at", lookup_expr="lt")
    in_stage_since = filters.IsoDateTimeFilter(field_name="entered_stage_at", lookup_expr="lt")
    inactive_since = filters.IsoDateTimeFilter(field_name="last_activity_at", lookup_expr="lt")
    expected_from = filters.DateFilter(field_name="expected_close", lookup_expr="gte")
    expected_until = filters.DateFilter(field_name="expected_close", lookup_expr="lte")

    class Meta:
        model = Opportunity
        fields = ["pipeline", "stage", "source", "lost_reason"]
