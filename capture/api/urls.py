"""The resources of capture, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from capture.api.form_views import FormViewSet, SubmissionViewSet
from capture.api.link_views import TriggerLinkViewSet
from capture.api.site_views import SiteViewSet
from capture.api.views import InboundWebhookViewSet


def register(router: BaseRouter) -> None:
    router.register("inbound-webhooks", InboundWebhookViewSet, "inbound-webhook")
    router.register("forms", FormViewSet, "form")
    router.register("submissions", SubmissionViewSet, "submission")
    router.register("trigger-links", TriggerLinkViewSet, "trigger-link")
    router.register("sites", SiteViewSet, "site")
