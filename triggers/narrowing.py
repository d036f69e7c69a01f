"""The condition trees that the options of event types stand for."""

from typing import Any


def together(*asked: tuple[str, str, Any]) -> dict[str, Any] | None:
    """One tree of field, operator and value, for the options that are set; None where none is."""
    leaves = [
        {"field": f"event.{name}", "op": op, "value": value} for name, op, value in asked if value not in (None, "", [])
    ]
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return {"all": leaves}
