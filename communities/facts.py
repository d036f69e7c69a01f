"""What conditions and messages may ask about a contact's communities: the groups it belongs to."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.models import Membership
from contacts.models import Contact
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts


@facts("community", label=_("Communities"))
class CommunityFacts(Facts):
    """`community.groups`: the names of the groups a contact belongs to."""

    of = "contact"

    def fields(self) -> Mapping[str, Field]:
        return {"groups": Field(Kind.SET, _("community groups"), source="community group name")}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        names: dict[int, set[str]] = defaultdict(set)
        rows = Membership.objects.filter(contact__pk__among=ids).values_list("contact_id", "group__name")
        for contact, name in rows:
            names[contact].add(name)
        return {contact: {"groups": names[contact]} for contact in self.existing(ids)}

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Contact.objects.filter(pk__among=ids).values_list("pk", flat=True))

    def id_of(self, data: Mapping[str, Any], contact_id: int | None) -> int | None:
        return contact_id
