"""What lists of opportunities may be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from contacts.custom import filtering
from pipelines.models import Opportunity
from pipelines.models.opportunity import ON_DEALS


class OpportunityFilter(filters.FilterSet):
    """By where they stand, whose they are, what they are worth, and when they moved, closed or are to close."""

    status = filters.MultipleChoiceFilter(choices=Opportunity.Status.choices)
    owner = filters.CharFilter(field_name="owner__username")
    unassigned = filters.BooleanFilter(field_name="owner", lookup_expr="isnull")
    follower = filters.CharFilter(field_name="followers__username")
    tag = filters.CharFilter(field_name="contact__taggings__tag__name", lookup_expr="iexact")
    currency = filters.CharFilter(lookup_expr="iexact")
    value_min = filters.NumberFilter(field_name="value", lookup_expr="gte")
    value_max = filters.NumberFilter(field_name="value", lookup_expr="lte")
    search = filters.CharFilter(method="by_text", label="name, or the contact's name, e-mail or company")
    created_since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    closed_since = filters.IsoDateTimeFilter(field_name="closed_at", lookup_expr="gte")
    closed_before = filters.IsoDateTimeFilter(field_name="closed_at", lookup_expr="lt")
    in_stage_since = filters.IsoDateTimeFilter(field_name="entered_stage_at", lookup_expr="lt")
    inactive_since = filters.IsoDateTimeFilter(field_name="last_activity_at", lookup_expr="lt")
    expected_from = filters.DateFilter(field_name="expected_close", lookup_expr="gte")
    expected_until = filters.DateFilter(field_name="expected_close", lookup_expr="lte")
    custom_field = filters.CharFilter(
        method="by_custom_field",
        help_text=_("a custom field's key and value, such as size:L; size: for those without. May be given again."),
    )

    class Meta:
        model = Opportunity
        fields = ["contact", "pipeline", "stage", "source", "lost_reason"]

    def by_text(self, rows: QuerySet[Opportunity], name: str, value: str) -> QuerySet[Opportunity]:
        columns = ("name", "contact__first_name", "contact__last_name", "contact__email", "contact__company")
        for word in value.split()[:5]:
            found = Q()
            for column in columns:
                found |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(found)
        return rows

    def by_custom_field(self, rows: QuerySet[Opportunity], name: str, value: str) -> QuerySet[Opportunity]:
        try:
            for asked in self.data.getlist(name) if hasattr(self.data, "getlist") else [value]:
                rows = filtering.asked(rows, asked, ON_DEALS)
        except ValidationError as error:
            raise serializers.ValidationError({name: error.messages}) from None
        return rows
