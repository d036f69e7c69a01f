"""Whose turn it is: choosing one of several users, evenly or by weight, or whoever has least to do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count

from contacts.models import Rotation, Task

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_WEIGHT: Final = 100


def by_username(names: Iterable[str]) -> "dict[str, User]":
    """The users of these names; unknown names are left out."""
    users = get_user_model()
    found = users._default_manager.filter(**{f"{users.USERNAME_FIELD}__in": set(names)})
    return {user.get_username(): user for user in found}


@transaction.atomic
def next_in_turn(rotation: str, weights: Mapping[str, int], present: Collection[str]) -> str | None:
    """The name whose turn it is among those present; None when nobody is. Takes the turn.

    Everybody comes up as often as their weight in each round, spread evenly; turns of absent people are
    passed over. The counter row is locked until the transaction ends, so two runs never take the same turn,
    and a run that is undone gives its turn back.
    """
    turns = round_of(tuple(weights.values()))
    names = list(weights)
    if not any(name in present for name in names):
        return None
    counter, _made = Rotation.objects.select_for_update().get_or_create(name=rotation)
    while True:
        name = names[turns[counter.taken % len(turns)]]
        counter.taken += 1
        if name in present:
            counter.save(update_fields=["taken"])
            return name


def least_busy(rotation: str, users: "Mapping[str, User]", present: Collection[str]) -> str | None:
    """The name of who has fewest open tasks among those present; those who have equally few take turns."""
    there = {name: user for name, user in users.items() if name in present}
    busy = dict(
        Task.objects.filter(assignee__in=[user.pk for user in there.values()], completed_at=None)
        .values_list("assignee")
        .annotate(n=Count("pk"))
        .order_by()
    )
    fewest = min((busy.get(user.pk, 0) for user in there.values()), default=0)
    free = [name for name, user in there.items() if busy.get(user.pk, 0) == fewest]
    return next_in_turn(rotation, dict.fromkeys(users, 1), free)


@lru_cache(maxsize=200)
def round_of(weights: tuple[int, ...]) -> Sequence[int]:
    """One round as positions in `weights`: (2, 1, 1) gives 0, 1, 2, 0."""
    turns = [(Fraction(2 * k + 1, 2 * weight), i) for i, weight in enumerate(weights) for k in range(weight)]
    return tuple(position for _moment, position in sorted(turns))
