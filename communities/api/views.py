"""Community groups and memberships over the API."""

from typing import Any

from rest_framework import mixins

from communities.api.serializers import GroupSerializer, MembershipSerializer
from communities.models import Group, Membership
from triggers.api.views import ApiModelViewSet, ApiViewSet


class GroupViewSet(ApiModelViewSet):
    """Community groups."""

    scope = "community-groups"
    queryset = Group.objects.all()
    serializer_class = GroupSerializer
    filterset_fields = ("key", "open")


class MembershipViewSet(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, mixins.ListModelMixin, ApiViewSet
):
    """Who belongs to which community group. Granting what is granted changes nothing and answers with what is there."""

    scope = "community-memberships"
    queryset = Membership.objects.select_related("group")
    serializer_class = MembershipSerializer
    filterset_fields: Any = {"contact": ["exact"], "group__key": ["exact"]}
