"""Workflows to begin with: whole documents, one click each on the page of a new workflow. Apps above register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """`says` is one sentence of what it does; `document` makes the draft in the reader's language."""

    key: str
    name: Any
    says: Any
    document: Callable[[], Json]


recipes: dict[str, Recipe] = {}


def register(recipe: Recipe) -> None:
    if recipe.key in recipes:
        raise ValueError(f"recipe “{recipe.key}” is registered twice")
    recipes[recipe.key] = recipe
