"""From a proven body to its parts. JSON is taken as the API takes it; one bad part does not cost the others."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from providers.base import Delivery, form_pairs
from providers.frame import Item, Json, Unclear
from triggers.api.parsers import MAX_TEXT, Unreadable, parse_json

MAX_KEY = 120
# Times before and after these are slips: seconds taken for milliseconds, an unset clock.
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def json_in(delivery: Delivery) -> Any:
    """The JSON in the body. Raises `Unreadable`.

    Where something in it is not as we take it, the parts that are can still be had: `sound` tells them apart.
    """
    try:
        return parse_json(delivery.body)
    except Unreadable as error:
        try:
            return any_json(delivery.body)
        except (ValueError, RecursionError):
            raise error from None


def any_json(text: str | bytes) -> Any:
    """The JSON in a text of any length, in which no key stands twice. Raises `ValueError` and `RecursionError`."""
    return json.loads(text, object_pairs_hook=_once)


def object_in(delivery: Delivery) -> Json:
    """The JSON object in the body. Raises `Unreadable` or `Unclear`."""
    found = sound(json_in(delivery))
    if not isinstance(found, dict):
        raise Unclear(_("The body is no JSON object."))
    return found


def letter_in(delivery: Delivery, apart: str) -> tuple[Json, Any]:
    """The JSON object in the body with its long texts cut, and what it has under `apart`, which nobody has checked.

    For mail that a provider brings in: its files alone may be longer than any JSON that is taken elsewhere.
    """
    found = json_in(delivery)
    if not isinstance(found, dict):
        raise Unclear(_("The body is no JSON object."))
    files = found.pop(apart, None)
    return sound(shortened(found)), files


def shortened(found: Json) -> Json:
    """Its texts, as long as JSON may have them: of mail, what comes after is not read either."""
    return {name: _cut(value) if isinstance(value, str) else value for name, value in found.items()}


def _cut(text: str) -> str:
    raw = text.encode(errors="surrogatepass")
    return text if len(raw) <= MAX_TEXT else raw[:MAX_TEXT].decode(errors="ignore")


def form_in(delivery: Delivery) -> Json:
    """The fields of a form in the body, by name; of a repeated one the last. Raises `Unreadable` or `Unclear`."""
    try:
        found: Json = sound(dict(form_pairs(delivery)))
    except ValueError:
        raise Unclear(_("The form is not UTF-8, or has too many fields.")) from None
    return found


def sound(part: Any) -> Any:
    """The part, as every database takes it. Raises `Unreadable` where it holds what none does."""
    return parse_json(json.dumps(part).encode())


def item_of(part: Any, read: Any) -> Item:
    """What `read` makes of one part of a batch; where it cannot be read, an item for a person to look at."""
    try:
        checked = sound(part)
        if not isinstance(checked, dict):
            raise Unclear(_("This part is no JSON object."))
        found: Item = read(checked)
        return found
    except (Unreadable, Unclear, ValueError) as error:
        text = json.dumps(part, default=str)
        # As ASCII text it can be kept whatever is wrong with it.
        return Item(key=f"unread:{digest(text)}", data={"unread": text[:20_000]}, problem=str(error))


def digest(value: Any) -> str:
    """SHA-256 of a text, or of JSON whatever the order of its keys."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def key_of(*parts: Any) -> str:
    """The parts as one key; "" where any of them is missing."""
    texts = [str(part) for part in parts]
    if not all(part not in (None, "") for part in parts):
        return ""
    key = ":".join(texts)
    return key if len(key) <= MAX_KEY and key.isprintable() else f"sha256:{digest(key)}"


def moment(value: Any) -> datetime | None:
    """A moment from Unix seconds or milliseconds, or ISO 8601; None for anything else."""
    try:
        found = _moment(value)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found is not None and _FIRST < found < _LAST else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        value = int(value[:20])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
    found = parse_datetime(value) if isinstance(value, str) and len(value) < 60 else None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found
