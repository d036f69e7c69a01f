"""The resources of affiliates, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from affiliates.api import views


def register(router: BaseRouter) -> None:
    router.register("affiliates", views.AffiliateViewSet, "affiliate")
    router.register("affiliate-campaigns", views.CampaignViewSet, "affiliate-campaign")
    router.register("affiliate-enrolments", views.EnrolmentViewSet, "affiliate-enrolment")
    router.register("affiliate-sales", views.SaleViewSet, "affiliate-sale")
    router.register("affiliate-commissions", views.CommissionViewSet, "affiliate-commission")
    router.register("affiliate-payouts", views.PayoutViewSet, "affiliate-payout")
