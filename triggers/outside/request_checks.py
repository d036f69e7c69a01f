"""What is wrong with a request as staff write it into a workflow; paths are those of `http.request`."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from django.utils.translation import gettext as _

from triggers.outside import net, url_template
from triggers.problems import Problem
from triggers.secrets import REDACTED, redact

# The same on every try, and so not for staff to set.
KEY_HEADER: Final = "Idempotency-Key"


def url(template: str) -> list[Problem]:
    return [Problem(("url",), message) for message in url_template.faults(template)]


def headers(given: Mapping[str, str]) -> list[Problem]:
    """Names and values that cannot be sent; a value with merge fields is looked at when it is filled in."""
    found = []
    for name, value in given.items():
        try:
            net.check_headers({name: "" if "{{" in value or "{%" in value else value})
        except net.UnsafeHeader as error:
            found.append(Problem(("headers", name), str(error)))
        if name.lower() == KEY_HEADER.lower():
            why = _("The key is set for you, the same on every try. Take it out.")
            found.append(Problem(("headers", name), why))
    return found


def body(tree: object) -> list[Problem]:
    """What no JSON can say, which pydantic lets through: NaN, endless numbers, nesting without measure."""
    try:
        json.dumps(tree, allow_nan=False)
    except (ValueError, RecursionError):
        return [Problem(("body",), _("The body is not JSON, or nested too deep."))]
    return []


def secrets(template: str, headers: Mapping[str, str], query: Mapping[str, str]) -> list[Problem]:
    """Secrets written into the workflow, told by their names: it is exported and shown."""
    why = _("This looks like a secret, and workflows are exported and shown. Keep it in a credential.")
    found = [Problem(("headers", name), why) for name, value in headers.items() if _is_written(name, value)]
    found += [Problem(("query", name), why) for name, value in query.items() if _is_written(name, value)]
    if any(_is_written(name, value) for name, value in _query_of(template)):
        found.append(Problem(("url",), why))
    return found


def _query_of(template: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(template).query)
    except ValueError:
        return []


def _is_written(name: str, value: str) -> bool:
    named_like_one = redact({name: value})[name] == REDACTED
    return named_like_one and bool(value) and "{{" not in value
