"""Keys that staff need not think of: a form's address from its name, a question's key from its words."""

from typing import Any, Final

from django.utils.text import slugify

MAX: Final = 50


def free_key(row: Any, joint: str = "-") -> str:
    """A key for a row that no other of its kind has: the name in letters and digits, counted on where taken."""
    parts = slugify(row.name)[:MAX].replace("_", "-").split("-")
    stem = joint.join(part for part in parts if part) or row._meta.model_name
    if joint == "_" and not stem[0].isalpha():
        stem = f"{row._meta.model_name}_{stem}"[:MAX]
    taken = set(type(row).objects.filter(key__startswith=stem).exclude(pk=row.pk).values_list("key", flat=True))
    return _free(stem, taken, joint)


def field_key(label: str, taken: set[str]) -> str:
    """A key for a question that none of `taken` is."""
    stem = "_".join(part for part in slugify(label)[:MAX].replace("-", "_").split("_") if part)
    if not stem or not stem[0].isalpha():
        stem = f"q_{stem}".strip("_")
    return _free(stem, taken, "_")


def _free(stem: str, taken: set[str], joint: str) -> str:
    if stem not in taken:
        return stem
    return next(name for n in range(2, len(taken) + 3) if (name := f"{stem}{joint}{n}") not in taken)
