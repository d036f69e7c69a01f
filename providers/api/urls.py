"""The resources of providers, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from providers.api.views import ConnectionViewSet


def register(router: BaseRouter) -> None:
    router.register("connections", ConnectionViewSet, "connection")
