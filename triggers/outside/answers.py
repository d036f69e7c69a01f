"""What a receiver answered, as data that the run keeps and that later actions and branches read."""

import json
import math
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from triggers.outside.exchange import text_of
from triggers.outside.net import Response
from triggers.secrets import REDACTED

# Deeper JSON is kept as text: messages cannot read it (text.plain), and would not be rendered for it.
DEEPEST: Final = 12
TEXT_KEPT: Final = 10_000
HEADERS_KEPT: Final = (
    "content-type", "etag", "last-modified", "link", "location", "retry-after", "x-request-id", "x-total-count",
)  # fmt: skip
HEADER_LENGTH: Final = 500
# Shorter ones are found in any text by chance.
SHORTEST_SECRET: Final = 4
_SURROGATE = re.compile("[\x00\ud800-\udfff]")


def read(answer: Response, hidden: Collection[str] = ()) -> dict[str, Any]:
    """`{"status", "headers", "body"}`: header names with underscores, the body as JSON, else as text.

    Wherever a text of `hidden` stands in it, that is blanked. With "truncated" the answer was longer than what
    is kept of it.
    """
    hidden = _worth_hiding(hidden)
    body, whole = _body(answer, hidden)
    result = {"status": answer.status, "headers": _headers(answer.headers, hidden), "body": body}
    return result if whole else result | {"truncated": True}


def blanked(text: str, hidden: Collection[str]) -> str:
    """The text without any of the hidden ones."""
    for secret in _worth_hiding(hidden):
        text = text.replace(secret, REDACTED)
    return text


def shown(result: Mapping[str, Any]) -> str:
    """The body of a read answer as one text, for people."""
    body = result["body"]
    if body is None:
        return ""
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def _body(answer: Response, hidden: Collection[str]) -> tuple[Any, bool]:
    """The body, and whether it is there to its end."""
    text = text_of(answer.body)
    if not answer.truncated:
        try:
            tree = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError):
            pass
        else:
            if _depth(tree) <= DEEPEST:
                return _cleaned(tree, hidden), True
    # Cut last: half a secret is found by nobody.
    text = blanked(text, hidden)
    return text[:TEXT_KEPT] or None, not answer.truncated and len(text) <= TEXT_KEPT


def _headers(headers: Mapping[str, str], hidden: Collection[str]) -> dict[str, str]:
    kept = {name: _cleaned(headers[name], hidden) for name in HEADERS_KEPT if name in headers}
    return {name.replace("-", "_"): value[:HEADER_LENGTH] for name, value in kept.items()}


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large a number")
    return number


def _depth(tree: Any) -> int:
    """How deep lists and objects nest, told no further than is asked for."""
    level, depth = [tree], 0
    while level and depth <= DEEPEST:
        nested = [item for item in level if isinstance(item, dict | list)]
        level = [child for item in nested for child in (item.values() if isinstance(item, dict) else item)]
        depth += bool(nested)
    return depth


def _cleaned(value: Any, hidden: Collection[str]) -> Any:
    """A copy that every database stores, without the hidden texts; also in the names of an object."""
    if isinstance(value, str):
        return blanked(_SURROGATE.sub("\ufffd", value), hidden)
    if isinstance(value, dict):
        return {_cleaned(key, hidden): _cleaned(item, hidden) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, hidden) for item in value]
    return value


def _worth_hiding(hidden: Collection[str]) -> list[str]:
    """The longest first, for one may stand within another."""
    return sorted((text for text in hidden if len(text) >= SHORTEST_SECRET), key=len, reverse=True)
