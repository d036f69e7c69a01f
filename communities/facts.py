"""What conditions and messages may ask about a contact's communities: the groups it belongs to."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.models import Membership
from triggers.conditions.fields import Field, Kind
from triggers.facts import More, facts


@facts("community", label=_("Communities"))
class CommunityFacts(More):
    """`community.groups`: the names of the groups a contact belongs to."""

    of = "contact"

    def fields(self) -> Mapping[str, Field]:
        return {"groups": Field(Kind.SET, _("community groups"), source="community group name")}

    def more(self, known: set[int]) -> dict[int, dict[str, Any]]:
        names: dict[int, set[str]] = defaultdict(set)
        rows = Membership.objects.filter(contact__pk__among=known).values_list("contact_id", "group__name")
        for contact, name in rows:
            names[contact].add(name)
        return {contact: {"groups": names[contact]} for contact in known}
