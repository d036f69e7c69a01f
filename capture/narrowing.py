"""The condition trees that options of our event types stand for."""

from typing import Any


def together(*asked: tuple[str, str, Any]) -> dict[str, Any] | None:
    """One tree of field, operator and value, for the options that are set; None where none is."""
    leaves = [
        {"field": f"event.{name}", "op": op, "value": value} for name, op, value in asked if value not in (None, "", [])
    ]
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return {"all": leaves}


def terms(chosen: str | None) -> bool | None:
    """Whether the terms must be agreed to or must not; None where it does not matter."""
    return chosen == "agreed" if chosen else None


def path_leaf(name: str, path: str) -> tuple[str, str, str]:
    """The leaf of a path as staff write it: with * at its end, whatever begins so."""
    return (name, "starts_with", path[:-1]) if path.endswith("*") else (name, "is", path)
