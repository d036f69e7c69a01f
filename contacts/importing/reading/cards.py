"""vCard 3 (RFC 2426) and 4 (RFC 6350), and the 2.1 of old phones: one row for each card, always the same columns."""

from collections.abc import Callable, Iterator
from typing import IO, Any, Final

import vobject
from django.utils.translation import gettext as _

from contacts.importing.reading.delimited import _Lines, detect_encoding
from contacts.importing.reading.rows import Broken, Row, Table, Unreadable, fitted

# By field: of the importable columns, in this order.
FIELDS: Final = (
    "first_name", "last_name", "full_name", "email", "phone", "company", "job_title", "website", "street", "city",
    "state", "postal_code", "country", "birth_date", "language", "time_zone", "external_id", "tags", "note",
)  # fmt: skip
MAX_LINES: Final = 20_000


def read_cards(file: IO[bytes], encoding: str = "") -> Table:
    """The cards of the file. Raises `Unreadable`."""
    encoding = encoding or detect_encoding(file)
    lines = _Lines(file, encoding)
    first = next((line for line in lines if line.strip()), "")
    if first.strip().upper() != "BEGIN:VCARD":
        raise Unreadable(_("This is no vCard: its first line is not BEGIN:VCARD."))
    lines.put_back(first)
    return Table(list(FIELDS), _rows(lines), encoding)


def _rows(lines: _Lines) -> Iterator[Row]:
    card: list[str] = []
    began = 0
    for line in lines:
        word = line.strip().upper()
        if word == "BEGIN:VCARD":
            if card:
                raise Broken(began, _("The card that begins here does not end."))
            began = lines.number
        elif not card:
            continue
        card.append(line.rstrip("\r\n"))
        if len(card) > MAX_LINES:
            raise Broken(began, _("The card that begins here does not end."))
        if word == "END:VCARD":
            yield _row(began, card)
            card = []
    if card:
        raise Broken(began, _("The card that begins here does not end: the file breaks off."))


def _row(line: int, card: list[str]) -> Row:
    empty = [""] * len(FIELDS)
    try:
        parsed = vobject.readOne("\r\n".join(card) + "\r\n", ignoreUnreadable=True)
        values = {name: read(parsed) for name, read in _READERS.items()}
    except Exception:  # vobject raises whatever it stumbles over
        return Row(line, empty, _("This card cannot be read."))
    return fitted(line, [values[name] for name in FIELDS], len(FIELDS))


def _all(card: Any, name: str) -> list[str]:
    found = (_text(each.value) for each in card.contents.get(name, []))
    return [text for text in found if text]


def _one(card: Any, name: str) -> str:
    return next(iter(_all(card, name)), "")


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value if part).strip()
    return str(value or "").strip()


def _numbers(card: Any) -> str:
    """vCard 4 writes them as tel: URIs (RFC 3966)."""
    return ";".join(text.removeprefix("tel:").partition(";")[0] for text in _all(card, "tel"))


def _name(part: str) -> Callable[[Any], str]:
    def read(card: Any) -> str:
        names = card.contents.get("n", [])
        return _text(getattr(names[0].value, part, "")) if names else ""

    return read


def _address(part: str) -> Callable[[Any], str]:
    def read(card: Any) -> str:
        found = card.contents.get("adr", [])
        return _text(getattr(found[0].value, part, "")) if found else ""

    return read


def _company(card: Any) -> str:
    found = card.contents.get("org", [])
    value = found[0].value if found else ""
    return _text(value[0] if isinstance(value, list) and value else value)


def _birthday(card: Any) -> str:
    """Apple writes 1604 for a year it does not know."""
    found = card.contents.get("bday", [])
    if found and "1604" in found[0].params.get("X-APPLE-OMIT-YEAR", []):
        return "--" + _text(found[0].value)[5:]
    return _text(found[0].value) if found else ""


def _categories(card: Any) -> str:
    names: list[str] = []
    for each in card.contents.get("categories", []):
        names += each.value if isinstance(each.value, list) else str(each.value).split(",")
    return ";".join(name.strip() for name in names if name.strip())


def _plain(name: str) -> Callable[[Any], str]:
    return lambda card: _one(card, name)


_READERS: Final[dict[str, Callable[[Any], str]]] = {
    "first_name": _name("given"),
    "last_name": _name("family"),
    # Only where the card does not tell the name by its parts.
    "full_name": lambda card: "" if _name("given")(card) or _name("family")(card) else _one(card, "fn"),
    "email": lambda card: ";".join(_all(card, "email")),
    "phone": _numbers,
    "company": _company,
    "job_title": _plain("title"),
    "website": _plain("url"),
    "street": _address("street"),
    "city": _address("city"),
    "state": _address("region"),
    "postal_code": _address("code"),
    "country": _address("country"),
    "birth_date": _birthday,
    "language": _plain("lang"),
    "time_zone": lambda card: _one(card, "tz") if "/" in _one(card, "tz") else "",
    "external_id": _plain("uid"),
    "tags": _categories,
    "note": _plain("note"),
}
