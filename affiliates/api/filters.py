"""What lists of affiliates can be narrowed to: affiliates by their code, campaigns by their key."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from django_filters import rest_framework as filters

from affiliates.models import Affiliate, Commission, Enrolment, Payout, Sale
from triggers.api.filters import ContactIdFilter


class AffiliateFilter(filters.FilterSet):
    """Who it is, and how they stand."""

    contact = ContactIdFilter(field_name="contact_id")

    class Meta:
        model = Affiliate
        fields = ["code", "status", "payout_method", "tax_form"]


class EnrolmentFilter(filters.FilterSet):
    """Whose, and in which campaign."""

    affiliate = filters.CharFilter(field_name="affiliate__code")
    contact = ContactIdFilter(field_name="affiliate__contact_id")
    campaign = filters.CharFilter(field_name="campaign__key")

    class Meta:
        model = Enrolment
        fields = ["affiliate", "campaign"]


class SaleFilter(filters.FilterSet):
    """Whose, what for, told by whom, and when it was bought."""

    affiliate = filters.CharFilter(field_name="enrolment__affiliate__code")
    campaign = filters.CharFilter(field_name="enrolment__campaign__key")
    buyer = ContactIdFilter(field_name="buyer_id")
    since = filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")

    class Meta:
        model = Sale
        fields = ["source", "external_id", "series", "kind", "status", "currency"]


class CommissionFilter(filters.FilterSet):
    """Whose, and how far it is."""

    affiliate = filters.CharFilter(field_name="affiliate__code")

    class Meta:
        model = Commission
        fields = ["status", "currency", "payout", "sale"]


class PayoutFilter(filters.FilterSet):
    """Whose, and whether it is paid."""

    affiliate = filters.CharFilter(field_name="affiliate__code")

    class Meta:
        model = Payout
        fields = ["status", "currency"]
