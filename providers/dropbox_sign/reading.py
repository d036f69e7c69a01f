"""What Dropbox Sign sends: a form with one field, `json`."""

import json
from typing import Any

from providers.base import Delivery, form_pairs, is_form
from providers.multipart import parts_in


def event_in(delivery: Delivery) -> dict[str, Any]:
    """The object in the field `json`. Raises `ValueError` unless there is exactly one."""
    pairs = form_pairs(delivery) if is_form(delivery) else _pairs(delivery)
    [text] = [value for name, value in pairs if name == "json"]
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _pairs(delivery: Delivery) -> list[tuple[str, str]]:
    return [(part.name, part.content.decode()) for part in parts_in(delivery) if part.name == "json"]
