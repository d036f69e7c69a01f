"""What messages may name of what is captured: the trigger links, each made for the contact who reads it."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from capture import links
from capture.models import TriggerLink
from contacts.models import Contact
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts


@facts("links", label=_("Trigger links"))
class LinkFacts(Facts):
    """`links.<key>`: the address of a link for this contact. Whoever follows it is known by it."""

    of = "contact"

    def fields(self) -> Mapping[str, Field]:
        return {}

    def own_fields(self) -> Mapping[str, Field]:
        rows = TriggerLink.objects.filter(active=True).order_by("name").values_list("key", "name")
        return {key: Field(Kind.TEXT, name) for key, name in rows}

    def lookup(self) -> Callable[[str], Field | None]:
        known = cache(self.own_fields)
        return lambda name: known().get(name)

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        found = set(Contact.objects.filter(pk__among=ids).values_list("pk", flat=True))
        return {contact: dict(values) for contact, values in links.addresses(found).items()}

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Contact.objects.filter(pk__among=ids).values_list("pk", flat=True))

    def id_of(self, data: Mapping[str, Any], contact_id: int | None) -> int | None:
        return contact_id
