"""What of a delivery goes into which contact field: `{"email": "contact.email", "tags": "form.interests"}`.

The keys are contact fields, `name` (split into first and last name), `tags` and `custom.<name>`; the values
are paths (`capture.paths`). Whether a value is right for its field is for `contacts` to say, not for here.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from django.utils.translation import gettext as _

from capture import paths
from contacts import leads
from contacts.custom.definitions import definitions
from contacts.custom.values import unknown
from triggers.problems import Problem

FIELDS: Final = (
    "first_name", "last_name", "name", "email", "phone", "company", "job_title", "website", "street", "city",
    "state", "postal_code", "country", "time_zone", "language", "birth_date", "source", "external_id", "tags",
)  # fmt: skip
CUSTOM: Final = "custom."
MAX_ENTRIES: Final = 60
MAX_TAGS: Final = 50

Json = Mapping[str, Any]


class _Unfit(ValueError):
    """A value of a shape that no field can take; the message says which."""


def check(mapping: Any) -> list[Problem]:
    """Everything that is wrong with a mapping; the path of a problem is the contact field."""
    if not isinstance(mapping, dict):
        return [Problem((), _('A mapping is an object, such as {"email": "contact.email"}.'))]
    if len(mapping) > MAX_ENTRIES:
        return [Problem((), _("A mapping has at most %(n)d entries.") % {"n": MAX_ENTRIES})]
    return [problem for field, path in mapping.items() for problem in _check_entry(field, path)]


def apply(mapping: Mapping[str, str], body: Json, query: Json) -> tuple[dict[str, Any], list[Problem]]:
    """The values by contact field, and what could not be read. What a delivery does not hold is left out.

    Fields are named as `contacts.services` names them, custom ones `custom_fields.<name>`. Values are text,
    `tags` a list of text; custom fields keep numbers, yes or no, and lists of them.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, path in mapping.items():
        try:
            found = paths.find(path, body, query)
            value = None if found is paths.MISSING or found is None else _fitted(field, found)
        except (paths.WrongPath, _Unfit) as error:
            problems.append(Problem((field,), str(error)))
            continue
        if value not in (None, "", []):
            values[field] = value
    return _named(values), problems


def _check_entry(field: str, path: Any) -> Iterator[Problem]:
    if field.startswith(CUSTOM):
        key, known = field.removeprefix(CUSTOM), definitions()
        if key not in known:
            yield Problem((field,), unknown(key, known))
    elif field not in FIELDS:
        yield Problem((field,), _no_field(field))
    if not isinstance(path, str):
        yield Problem((field,), _("Enter a path as text, for example contact.email."))
        return
    try:
        paths.parse(path)
    except paths.WrongPath as error:
        yield Problem((field,), str(error))


def _no_field(field: str) -> str:
    near = get_close_matches(field, FIELDS, n=1, cutoff=0.7)
    if near:
        return _("There is no such contact field. Did you mean %(near)s?") % {"near": near[0]}
    return _("There is no such contact field. Custom fields are written custom.<key>.")


def _fitted(field: str, value: Any) -> Any:
    """The value in the shape its field takes. Raises `_Unfit`."""
    if field == "tags":
        return _tags(value)
    if field.startswith(CUSTOM) and (isinstance(value, bool | int | float) or _is_plain_list(value)):
        return value
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ", ".join(_text(item) for item in value)
    what = _("an object") if isinstance(value, dict) else _("a list of objects")
    raise _Unfit(_("At this path stands %(what)s. Name the value within it.") % {"what": what})


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str | int | float) for item in value)


def _tags(value: Any) -> list[str]:
    """Tags from a list, or from one text with commas; each once, in their order."""
    parts = [_text(item) for item in value] if isinstance(value, list) else _text(value).split(",")
    names = list(dict.fromkeys(name for part in parts if (name := part.strip())))
    if len(names) > MAX_TAGS:
        raise _Unfit(_("These are more than %(n)d tags.") % {"n": MAX_TAGS})
    return names


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """The values under the names `contacts` gives its fields; a whole name fills what is not there by itself."""
    whole = values.pop("name", "")
    parts = leads.names_in(whole)
    named = {re.sub("^custom[.]", "custom_fields.", field): value for field, value in values.items()}
    return parts | named
