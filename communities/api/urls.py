"""The resources of communities, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from communities.api.views import GroupViewSet, MembershipViewSet


def register(router: BaseRouter) -> None:
    router.register("community-groups", GroupViewSet, "community-group")
    router.register("community-memberships", MembershipViewSet, "community-membership")
