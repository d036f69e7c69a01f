"""Single values in inputs: how each is written there, and read back as just what it was.

A text is posted under its plain name. What is no text is posted as JSON under the name with `:json`, and what has a
shape of its own as a whole under `:raw`. JSON that cannot be read is kept as the text it is: the check tells of it.
"""

import json
from typing import Any, Final

JSON: Final = ":json"
RAW: Final = ":raw"
Post = tuple[str, str]


def read_json(text: str) -> Any:
    """What the text says as JSON; the text itself where it says nothing."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text


def as_json(value: Any, *, indent: int | None = None) -> str:
    """Such that `read_json` gives the value back."""
    if isinstance(value, str) and read_json(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False, indent=indent)


def as_text(value: Any) -> str:
    """The value of an option: texts as they are, all else as JSON."""
    return value if isinstance(value, str) else as_json(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON; `true` is not 1, and 1 is not 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def scalar(name: str, value: Any, *, number: bool = False) -> Post:
    """The input for a value: its name and its text. `number` prefers the form that reads digits as a number."""
    if value is None:
        return name + (JSON if number else ""), ""
    if isinstance(value, str) and not (number and read_json(value) == value):
        return name, value
    return name + JSON, as_json(value)


def line_ends(text: str) -> str:
    """Browsers post line breaks as CR LF; documents hold LF."""
    return text.replace("\r\n", "\n")


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
