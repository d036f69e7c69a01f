"""The resources of inbound capture, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from capture.api.views import InboundWebhookViewSet


def register(router: BaseRouter) -> None:
    router.register("inbound-webhooks", InboundWebhookViewSet, "inbound-webhook")
