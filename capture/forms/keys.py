"""Keys that staff need not think of: a question's, from its words."""

from typing import Final

from django.utils.text import slugify

MAX: Final = 50


def field_key(label: str, taken: set[str]) -> str:
    """A key for a question that none of `taken` is."""
    stem = "_".join(part for part in slugify(label)[:MAX].replace("-", "_").split("_") if part)
    if not stem or not stem[0].isalpha():
        stem = f"q_{stem}".strip("_")
    return next(name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem}_{n}") not in taken)
