"""A first mapping from a sample: what Typeform, Gravity Forms, lists of questions and plain forms call things.

Only a proposal: staff see it in the form and change it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from capture import paths

# The contact field for each name senders use, in letters and digits alone.
NAMES: Final[Mapping[str, str]] = {
    name: field
    for field, names in {
        "email": "email emailaddress mail youremail workemail useremail customeremail",
        "first_name": "firstname fname givenname forename vorname prenom nombre",
        "last_name": "lastname lname surname familyname nachname nomdefamille apellido",
        "name": "name fullname yourname contactname customername displayname",
        "phone": "phone phonenumber tel telephone mobile mobilephone mobilenumber cell yourphone telefon whatsapp",
        "company": "company companyname organisation organization business firma entreprise",
        "job_title": "jobtitle position jobrole",
        "website": "website websiteurl homepage",
        "street": "street streetaddress address1 addressline1 address strasse",
        "city": "city town ort stadt ville ciudad",
        "state": "state region province stateregion bundesland",
        "postal_code": "zip zipcode postcode postalcode plz",
        "country": "country countrycode countryregion land pays",
        "time_zone": "timezone tz",
        "language": "language locale preferredlanguage",
        "birth_date": "birthdate birthday dateofbirth dob geburtsdatum",
        "source": "source leadsource utmsource",
        "external_id": "externalid customerid contactid personid",
        "tags": "tags interests labels",
    }.items()
    for name in names.split()
}
# What questions say, where their name says nothing. The first that occurs counts.
_QUESTIONS: Final = (
    ("first name", "first_name"), ("last name", "last_name"), ("surname", "last_name"), ("e-mail", "email"),
    ("email", "email"), ("phone", "phone"), ("call you", "phone"), ("company", "company"), ("country", "country"),
    ("city", "city"), ("website", "website"), ("interested", "tags"), ("your name", "name"),
)  # fmt: skip
_ASKED: Final = ("name", "key", "label", "title", "question")
_ANSWERED: Final = ("value", "values", "answer")
_TYPEFORM: Final = {"choice": "choice.label", "choices": "choices.labels"}
# Parts of Gravity Forms' name and address fields: "1.3" is the first name of field 1.
_GRAVITY: Final = re.compile(r"([0-9]+)\.([0-9])")
_GRAVITY_NAME: Final = {"3": "first_name", "6": "last_name"}
_GRAVITY_ADDRESS: Final = {"1": "street", "3": "city", "4": "state", "5": "postal_code", "6": "country"}


class _Found(NamedTuple):
    """A value that may be a contact field: its path, and what it is called."""

    path: str
    names: tuple[str, ...]
    value: Any


def suggest_mapping(sample: Mapping[str, Any]) -> dict[str, str]:
    """Paths by contact field for a sample, `{"body": …, "query": …}`; the first fitting value of each field."""
    body, query = sample.get("body") or {}, sample.get("query") or {}
    suggested: dict[str, str] = {}
    for found in (*_within(body, ""), *_prefixed(query)):
        field = _field(found)
        if field and field not in suggested and _reads(found, body, query):
            suggested[field] = found.path
    if "first_name" in suggested or "last_name" in suggested:
        suggested.pop("name", None)
    return suggested


def _prefixed(query: Mapping[str, Any]) -> Iterator[_Found]:
    for found in _within(query, ""):
        yield found._replace(path=f"query.{found.path}")


def _reads(found: _Found, body: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Whether the path leads to the value: some keys cannot be written as a path."""
    try:
        return bool(paths.find(found.path, body, query) == found.value)
    except paths.WrongPath:
        return False


def _within(value: Mapping[str, Any], prefix: str) -> Iterator[_Found]:
    """What an object holds, its own values before those further down."""
    yield from _gravity(value, prefix)
    about_somebody = any(_field(_Found("", (key,), item)) in ("email", "phone") for key, item in value.items())
    for key, item in value.items():
        # "name" may be anybody's or anything's, a form's for one.
        if not isinstance(item, dict) and (about_somebody or NAMES.get(_plain(key)) != "name"):
            yield _Found(prefix + key, (key,), item)
    for key, item in value.items():
        inner = prefix + key if prefix or key not in ("body", "query") else f"body.{key}"
        if isinstance(item, dict):
            yield from _within(item, f"{inner}.")
        elif isinstance(item, list):
            yield from _answers(item, inner, _titles(value))


def _answers(items: list[Any], path: str, titles: Mapping[str, str]) -> Iterator[_Found]:
    """Questions with their answers: Typeform's, or any list of names and values."""
    for item in items:
        if not isinstance(item, dict):
            continue
        field = item.get("field")
        kind = item.get("type")
        if isinstance(field, dict) and isinstance(kind, str) and kind in item:
            ref, within = str(field.get("ref", "")), _TYPEFORM.get(kind, kind)
            by = f"type={kind}" if kind in ("email", "phone_number") else f"field.ref={ref}"
            found = paths.find(f"item.{within}", {"item": item}, {})
            yield _Found(f"{path}[{by}].{within}", (kind, ref, titles.get(ref, "")), found)
        else:
            asked = next((key for key in _ASKED if isinstance(item.get(key), str)), None)
            answered = next((key for key in _ANSWERED if key in item), None)
            if asked and answered:
                yield _Found(f"{path}[{asked}={item[asked]}].{answered}", (item[asked],), item[answered])


def _titles(form: Mapping[str, Any]) -> dict[str, str]:
    """The questions of a Typeform by their ref."""
    definition = form.get("definition")
    fields = definition.get("fields") if isinstance(definition, dict) else None
    known = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    return {str(field.get("ref")): str(field.get("title", "")) for field in known}


def _gravity(entry: Mapping[str, Any], prefix: str) -> Iterator[_Found]:
    """The parts of name and address fields, and e-mails among the fields that have a number for a name."""
    if "form_id" not in entry:
        return
    parts = [(key, part) for key in entry if (part := _GRAVITY.fullmatch(key))]
    addresses = {part[1] for _key, part in parts if part[2] in "15"}
    for key, part in parts:
        meaning = (_GRAVITY_ADDRESS if part[1] in addresses else _GRAVITY_NAME).get(part[2])
        if meaning:
            yield _Found(prefix + key, (meaning,), entry[key])
    for key, value in entry.items():
        if key.isdigit() and isinstance(value, str) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            yield _Found(prefix + key, ("email",), value)


def _field(found: _Found) -> str | None:
    """The contact field of a value: by its name, else by the question it answers."""
    if found.value in (None, "", []) or isinstance(found.value, dict | bool):
        return None
    by_name = (NAMES.get(_plain(name)) for name in found.names)
    by_question = (
        field for name in found.names for words, field in _QUESTIONS if words in name.lower() and " " in name
    )
    field = next((field for field in (*by_name, *by_question) if field), None)
    return field if field is None or _fits(field, found.value) else None


def _fits(field: str, value: Any) -> bool:
    if field == "email":
        return isinstance(value, str) and "@" in value
    if field == "phone":
        return sum(letter.isdigit() for letter in str(value)) >= 5
    return field == "tags" or not isinstance(value, list)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
