"""Affiliates over the API. A sale may be told again and again, and counts once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from affiliates import crediting, enrolling, payouts, selling
from affiliates.api import filters
from affiliates.api import serializers as told
from affiliates.models import Affiliate, Campaign, Commission, Enrolment, Payout, Sale
from contacts import leads
from contacts.models import Contact
from triggers.api.problems import Conflict
from triggers.api.views import ApiMadeOnlyViewSet, ApiModelViewSet, ApiReadOnlyViewSet, ApiViewSet


class CampaignViewSet(ApiModelViewSet):
    """Campaigns. One that somebody is enrolled in is closed, not deleted."""

    scope = "affiliate-campaigns"
    queryset = Campaign.objects.all()
    serializer_class = told.CampaignSerializer
    filterset_fields = ("key", "open", "kind")

    def perform_destroy(self, instance: Campaign) -> None:
        if Enrolment.objects.filter(campaign=instance).exists():
            raise Conflict(_("Somebody is enrolled in this campaign. Close it instead."))
        instance.delete()


class AffiliateViewSet(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, mixins.ListModelMixin, ApiViewSet
):
    """Affiliates. Nobody is deleted: what was earned stays."""

    scope = "affiliates"
    queryset = Affiliate.objects.all()
    serializer_class = told.AffiliateSerializer
    filterset_class = filters.AffiliateFilter

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        status = given.get("status", Affiliate.Status.ACTIVE)
        made, is_new = enrolling.make(given["contact"], status=status, code=given.get("code", ""))
        if is_new:
            for name in ("payout_method", "tax_form"):
                setattr(made, name, given.get(name, getattr(made, name)))
            made.save()
        serializer.instance = made

    def perform_update(self, serializer: Any) -> None:
        wanted = serializer.validated_data.get("contact")
        if wanted is not None and wanted.pk != serializer.instance.contact_id:
            raise serializers.ValidationError({"contact": [_("An affiliate stays who they are. Make another one.")]})
        serializer.save()


class EnrolmentViewSet(ApiMadeOnlyViewSet):
    """Who recommends which campaign."""

    scope = "affiliate-enrolments"
    queryset = Enrolment.objects.select_related("affiliate", "campaign")
    serializer_class = told.EnrolmentSerializer
    filterset_class = filters.EnrolmentFilter

    def perform_create(self, serializer: Any) -> None:
        given = serializer.validated_data
        serializer.instance, _is_new = enrolling.enrol(given["affiliate"], given["campaign"])


class SaleViewSet(ApiMadeOnlyViewSet):
    """Sales that are credited to affiliates."""

    scope = "affiliate-sales"
    queryset = Sale.objects.select_related(
        "enrolment__affiliate__contact", "enrolment__campaign", "commission__affiliate"
    )
    serializer_class = told.SaleSerializer
    filterset_class = filters.SaleFilter

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        affiliate, campaign, email = (
            given.pop("affiliate", None),
            given.pop("campaign", None),
            given.pop("buyer_email", ""),
        )
        buyer = given.pop("buyer", None) or _buyer(email, given["source"])
        sold = {**given, "external_id": given.get("external_id") or ""}
        known = Sale.objects.filter(source=sold["source"], external_id=sold["external_id"] or None).first()
        enrolment = known.enrolment if known and affiliate is None else _credited(affiliate, campaign, buyer, given)
        serializer.instance, _is_new = selling.record(selling.Sold(enrolment=enrolment, buyer=buyer, **sold))

    @extend_schema(request=told.GivenBackSerializer, responses=told.SaleSerializer)
    @action(detail=True, methods=["post"], permission="affiliates.change_sale")
    def refund(self, request: Request, **kwargs: Any) -> Response:
        """Says how much of it is given back by now, in all. Nothing is earned by what was given back."""
        sale = self.get_object()
        given = self.inputs(told.GivenBackSerializer)
        selling.give_back(sale, given.get("refunded", sale.amount))
        return Response(self.represent(self.get_object()))

    @extend_schema(request=None, responses=told.SaleSerializer)
    @action(detail=True, methods=["post"], permission="affiliates.change_sale")
    def void(self, request: Request, **kwargs: Any) -> Response:
        """It should not count after all."""
        selling.void(self.get_object())
        return Response(self.represent(self.get_object()))


def _buyer(email: str, source: str) -> Contact | None:
    if not email:
        return None
    return leads.find_or_make({"email": email}, ("email",), first={"source": source})[0]


def _credited(affiliate: Affiliate | None, campaign: Campaign | None, buyer: Contact | None, given: Any) -> Enrolment:
    """Raises ValidationError by field where nobody is to be credited."""
    at, number = given.get("occurred_at") or timezone.now(), campaign.pk if campaign else None
    if affiliate is not None:
        found = crediting.named(affiliate.code, number)
        told_of = {"campaign": [_("%(affiliate)s is not enrolled there.") % {"affiliate": affiliate}]}
    elif buyer is not None:
        found = crediting.following(given["source"], given.get("series", "")) or crediting.referred(buyer, at, number)
        told_of = {"affiliate": [_("Nobody recommended us to the buyer, or too long ago. Name the affiliate.")]}
    else:
        found, told_of = None, {"affiliate": [_("Name the affiliate, or the buyer who followed somebody's link.")]}
    if found is None:
        raise ValidationError(told_of)
    return found


class CommissionViewSet(ApiReadOnlyViewSet):
    """What sales earn."""

    scope = "affiliate-commissions"
    queryset = Commission.objects.select_related("affiliate")
    serializer_class = told.CommissionSerializer
    filterset_class = filters.CommissionFilter

    @extend_schema(request=None, responses=told.CommissionSerializer)
    @action(detail=True, methods=["post"], permission="affiliates.change_commission")
    def approve(self, request: Request, **kwargs: Any) -> Response:
        """Approves it; again changes nothing. One that is void is not approved."""
        row = self.get_object()
        if row.status == Commission.Status.VOID:
            raise Conflict(_("Its sale does not count any more."))
        payouts.approve(Commission.objects.filter(pk=row.pk))
        return Response(self.represent(self.get_object()))


class PayoutViewSet(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, mixins.ListModelMixin, ApiViewSet
):
    """Payouts. Making one takes in everything approved; deleting one that is not paid lets it wait for the next."""

    scope = "affiliate-payouts"
    queryset = Payout.objects.select_related("affiliate__contact").annotate(total=Sum("commissions__amount"))
    serializer_class = told.PayoutSerializer
    filterset_class = filters.PayoutFilter

    def perform_create(self, serializer: Any) -> None:
        given = serializer.validated_data
        made = payouts.put_together(given["affiliate"], given["currency"], given.get("until"))
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def perform_destroy(self, instance: Payout) -> None:
        payouts.take_back(instance)

    @extend_schema(request=told.PaidSerializer, responses=told.PayoutSerializer)
    @action(detail=True, methods=["post"], permission="affiliates.change_payout")
    def pay(self, request: Request, **kwargs: Any) -> Response:
        """Notes that it was paid."""
        payout = self.get_object()
        payouts.pay(payout, self.inputs(told.PaidSerializer)["reference"])
        return Response(self.represent(self.get_object()))
