"""Small things the deals' templates need."""

from collections.abc import Mapping
from typing import Any

from django import template

from contacts import money

register = template.Library()


@register.filter
def at(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key that is known only here."""
    return values.get(key, "")


@register.filter
def initials(user: Any) -> str:
    """CV for Clara Vogt; the first two letters where there is only a username."""
    words = (user.get_full_name() or user.get_username()).split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]
    return str(letters).upper()


@register.filter
def worth(deal: Any) -> str:
    """€ 22,000; empty where no value is set."""
    return money.shown(deal.value, deal.currency)
