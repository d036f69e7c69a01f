"""How groups and memberships look from outside."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from communities import services
from communities.models import Group, Membership
from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from triggers.api.serializers import CheckedSerializer, RowSerializer


class GroupSerializer(CheckedSerializer):
    """A community group. Its key is made from its first name and stays: other systems call it by that."""

    class Meta:
        model = Group
        fields = ["id", "name", "key", "description", "open", "created_at", "updated_at"]
        read_only_fields = ["key", "created_at"]


class MembershipSerializer(RowSerializer):
    """A contact belongs to a group. To end it, delete it."""

    contact = ContactField(queryset=Contact.objects.all())
    group = serializers.SlugRelatedField(
        slug_field="key", queryset=Group.objects.all(), help_text=gettext_lazy("the key of the group")
    )

    class Meta:
        model = Membership
        fields = ["id", "contact", "group", "reason", "granted_by", "granted_at"]
        read_only_fields = ["granted_by", "granted_at"]
        # Who belongs to the group already goes on belonging to it.
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Membership:
        contact, group = validated_data["contact"], validated_data["group"]
        try:
            services.grant(contact, [group], validated_data.get("reason", ""))
        except ValidationError as error:
            raise serializers.ValidationError({"group": error.messages}) from None
        row: Membership = Membership.objects.get(contact=contact, group=group)
        return row
