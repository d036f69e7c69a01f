"""Users as files name them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model


def usernames() -> Mapping[int, str]:
    return dict(get_user_model()._default_manager.values_list("pk", "username"))


def owners() -> Mapping[str, int]:
    """Users by username, e-mail and full name in small letters; a name that two share is left out."""
    return _owners_of(tuple(get_user_model()._default_manager.order_by("pk").values_list(
        "pk", "username", "email", "first_name", "last_name",
    )))  # fmt: skip


@cache
def _owners_of(rows: tuple[tuple[Any, ...], ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    twice: set[str] = set()
    for pk, username, email, first, last in rows:
        for name in {username, email, f"{first} {last}".strip()} - {""}:
            twice |= {name.casefold()} if found.get(name.casefold(), pk) != pk else set()
            found[name.casefold()] = pk
    return {name: pk for name, pk in found.items() if name not in twice}
