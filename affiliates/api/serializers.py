"""How campaigns, affiliates, sales and what they earn look from outside. Amounts are text, in the decimals of their currency."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from affiliates.models import Affiliate, Campaign, Commission, Enrolment, Payout, Sale
from contacts.api.money_serializers import AmountField, MoneySerializer
from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from triggers.api.serializers import CheckedSerializer, RowSerializer

OF_CAMPAIGN = gettext_lazy("the key of the campaign")
OF_AFFILIATE = gettext_lazy("the affiliate's code")


def campaign_field(**more: Any) -> Any:
    return serializers.SlugRelatedField(
        slug_field="key", queryset=Campaign.objects.all(), help_text=OF_CAMPAIGN, **more
    )


def affiliate_field(**more: Any) -> Any:
    rows = Affiliate.objects.filter(merged_into=None).select_related("contact")
    return serializers.SlugRelatedField(slug_field="code", queryset=rows, help_text=OF_AFFILIATE, **more)


class CampaignSerializer(CheckedSerializer):
    """A campaign. Its key is made from its first name and stays: links hold it."""

    amount = AmountField(required=False, help_text=gettext_lazy("what each sale earns, where that is the same amount"))
    signup_url = serializers.CharField(read_only=True)

    class Meta:
        model = Campaign
        fields = ["id", "key", "name", "description", "target_url", "kind", "percent", "amount", "currency",
                  "recurring_months", "window_days", "counts", "open", "signup_url", "created_at", "updated_at"]  # fmt: skip
        read_only_fields = ["key", "created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # What belongs to the other kind of commission is cleared by the check.
        row = self.judged(attrs)
        return {**attrs, "percent": row.percent, "amount": row.amount, "currency": row.currency}


class AffiliateSerializer(RowSerializer):
    """A contact as an affiliate. Making one of somebody who is one already answers with what is there."""

    contact = ContactField(queryset=Contact.objects.all())

    class Meta:
        model = Affiliate
        fields = ["id", "contact", "code", "status", "payout_method", "tax_form", "created_at", "updated_at"]
        read_only_fields = ["created_at"]
        # Who is an affiliate already goes on being one.
        extra_kwargs = {"code": {"required": False}}


class EnrolmentSerializer(RowSerializer):
    """An affiliate recommends a campaign. Enrolling somebody who is enrolled already answers with what is there."""

    affiliate: Any = affiliate_field()
    campaign: Any = campaign_field()
    referral_link = serializers.CharField(read_only=True)

    class Meta:
        model = Enrolment
        fields = ["id", "affiliate", "campaign", "referral_link", "enrolled_by", "enrolled_at"]
        read_only_fields = ["enrolled_by", "enrolled_at"]
        validators: list[Any] = []


class CommissionSerializer(MoneySerializer):
    """What a sale earns. It is approved, and then paid by a payout."""

    amounts = ("amount",)
    affiliate: Any = serializers.SlugRelatedField(slug_field="code", read_only=True, help_text=OF_AFFILIATE)

    class Meta:
        model = Commission
        fields = ["id", "sale", "affiliate", "amount", "currency", "status", "payout", "created_at", "updated_at"]
        read_only_fields = fields


class SaleSerializer(MoneySerializer):
    """A sale that is credited to an affiliate.

    `external_id` is your number of it: of each `source` one number counts once, however often it is sent. Without
    `affiliate` it goes to whose link the buyer followed; without `campaign` to the first one they are enrolled in.
    """

    amounts = ("amount", "refunded")
    affiliate: Any = affiliate_field(required=False, write_only=True)
    campaign: Any = campaign_field(required=False, write_only=True)
    buyer = ContactField(queryset=Contact.objects.all(), required=False, allow_null=True)
    buyer_email = serializers.EmailField(
        required=False,
        write_only=True,
        help_text=gettext_lazy("in place of the number: found, or made where nobody has it"),
    )
    source = serializers.CharField(  # type: ignore[assignment]
        default="api", max_length=60, help_text=gettext_lazy("which system tells it")
    )
    amount = AmountField()
    kind = serializers.ChoiceField(Sale.Kind.choices, default=Sale.Kind.ONE_OFF)
    commission = serializers.SerializerMethodField()

    class Meta:
        model = Sale
        fields = ["id", "enrolment", "affiliate", "campaign", "buyer", "buyer_email", "source", "external_id", "series",
                  "amount", "refunded", "currency", "kind", "status", "reference", "occurred_at", "commission",
                  "created_by", "created_at", "updated_at"]  # fmt: skip
        read_only_fields = ["enrolment", "refunded", "status", "created_by", "created_at"]
        # A number that was told before is answered with its sale.
        validators: list[Any] = []

    def validate_source(self, source: str) -> str:
        if source in ("payments", "workflow", "manual"):
            raise serializers.ValidationError(gettext_lazy("This name is ours. Choose one for your system."))
        return source

    @extend_schema_field(CommissionSerializer(allow_null=True))
    def get_commission(self, sale: Sale) -> Any:
        found = getattr(sale, "commission", None)
        return CommissionSerializer(found).data if found is not None else None

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told = super().to_representation(instance)
        own = instance.enrolment
        return told | {"affiliate": own.affiliate.code, "campaign": own.campaign.key}


class GivenBackSerializer(serializers.Serializer[Any]):
    """How much of a sale is given back by now, in all; without it, all of it."""

    refunded = AmountField(required=False)


class PayoutSerializer(MoneySerializer):
    """Approved commissions of one currency that are paid at once."""

    amounts = ("total",)
    affiliate: Any = affiliate_field()
    total = AmountField(read_only=True)

    class Meta:
        model = Payout
        fields = [
            "id",
            "affiliate",
            "currency",
            "since",
            "until",
            "status",
            "total",
            "reference",
            "paid_at",
            "created_at",
        ]
        read_only_fields = ["since", "status", "reference", "paid_at", "created_at"]
        extra_kwargs = {"until": {"required": False}}
        validators: list[Any] = []


class PaidSerializer(serializers.Serializer[Any]):
    """That a payout was paid; `reference` is what your bank calls it."""

    reference = serializers.CharField(required=False, default="", max_length=120)
