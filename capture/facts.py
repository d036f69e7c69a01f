"""What messages may name of what is captured: the trigger links, each made for the contact who reads it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from capture import links
from capture.models import TriggerLink
from triggers.conditions.fields import Field, Kind
from triggers.facts import More, facts


@facts("links", label=_("Trigger links"))
class LinkFacts(More):
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

    def more(self, known: set[int]) -> dict[int, dict[str, Any]]:
        return {contact: dict(values) for contact, values in links.addresses(known).items()}
