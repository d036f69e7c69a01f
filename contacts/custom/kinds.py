"""What each kind of custom field takes, how it is stored as JSON, and what conditions and texts read.

Every door asks `stored` before it writes. Its result is canonical: taken in again, it comes out the same.

| kind | stored | read as |
|---|---|---|
| text, long_text, phone (E.164), email, url | text | text |
| number | a JSON number of at most 15 digits | int or Decimal |
| money | {"amount": "49.90", "currency": "EUR"} | Decimal, and `<key>_currency` |
| date | "2026-03-31" | date |
| datetime | "2026-03-31T07:00:00+00:00" | datetime in UTC |
| choice | a choice's value | text, and `<key>_label` |
| multi_choice | a list of them, in the order of the choices | set, and `<key>_label` |
| yesno | true or false | bool |
| user | the user's number | int, and `<key>_name` |
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import phones
from contacts.custom import days, money, numbers
from contacts.mail_addresses import tidied
from contacts.models.custom_field import ON_CONTACTS, CustomField
from contacts.texts import line, written
from triggers.conditions.fields import Field
from triggers.conditions.fields import Kind as Asked

Kind = CustomField.Kind

MAX_TEXT: Final = 1000
MAX_LONG_TEXT: Final = 10_000
MAX_URL: Final = 2000
DATED: Final = (Kind.DATE, Kind.DATETIME)
# What else a field of a kind offers to conditions and texts, under its key with this ending.
COMPANIONS: Final = {
    Kind.MONEY: ("_currency", gettext_lazy("%(label)s (currency)")),
    Kind.CHOICE: ("_label", gettext_lazy("%(label)s (in words)")),
    Kind.MULTI_CHOICE: ("_label", gettext_lazy("%(label)s (in words)")),
    Kind.USER: ("_name", gettext_lazy("%(label)s (name)")),
}
ASKED: Final = {
    Kind.NUMBER: Asked.NUMBER, Kind.MONEY: Asked.MONEY, Kind.DATE: Asked.DATE, Kind.DATETIME: Asked.DATETIME,
    Kind.CHOICE: Asked.CHOICE, Kind.MULTI_CHOICE: Asked.SET, Kind.YESNO: Asked.YESNO, Kind.USER: Asked.REF,
}  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """A custom field as values are judged by it. `choices` are values with their labels."""

    key: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    currency: str = ""
    required: bool = False
    archived: bool = False
    help_text: str = ""
    pk: int = 0
    on: str = ON_CONTACTS

    @property
    def companion(self) -> str:
        """The name of what else it offers; empty where that is nothing."""
        found = COMPANIONS.get(self.kind)  # type: ignore[call-overload]
        return self.key + found[0] if found else ""

    def fields(self, *, changes: bool = False) -> Iterator[tuple[str, Field]]:
        """What conditions may ask, by name. No column: no two databases compare JSON alike."""
        asked = ASKED.get(Kind(self.kind), Asked.TEXT)
        user = settings.AUTH_USER_MODEL if self.kind == Kind.USER else ""
        yield self.key, Field(asked, self.label, self.choices, changes=changes, refers_to=user)
        if self.companion and (self.kind == Kind.MONEY or not changes):
            yield self.companion, Field(Asked.TEXT, str(COMPANIONS[Kind(self.kind)][1]) % {"label": self.label},
                                        changes=changes)  # fmt: skip


def stored(field: Definition, value: Any, region: str = "") -> Any:
    """The value's stored form; None where it is empty. Raises ValidationError that says what would be right.

    `region` is the country of phone numbers without country code.
    """
    if value is None or value == "" or value == [] or value == ():
        return None
    return _READ[Kind(field.kind)](field, value, region)


def typed(field: Definition, value: Any) -> Any:
    """The stored value as conditions read it. One that was stored under another kind is read as far as it can be."""
    if value is None:
        return None
    found = _TYPED[Kind(field.kind)](field, value)
    if found is not None or field.kind == Kind.USER:
        return found
    try:
        again = stored(field, value)
    except ValidationError:
        return None
    return None if again is None else _TYPED[Kind(field.kind)](field, again)


def companion(field: Definition, value: Any, names: dict[int, str]) -> str | None:
    """The text beside the stored value: a currency, labels of choices, the name of a user."""
    read = typed(field, value) if field.companion else None
    if read is None:
        return None
    if field.kind == Kind.MONEY:
        return str((value if money.is_money(value) else stored(field, value))["currency"])
    if field.kind == Kind.USER:
        return names.get(read)
    chosen = {read} if isinstance(read, str) else read
    known = [key for key, _label in field.choices if key in chosen]
    labels = dict(field.choices)
    return ", ".join([labels[key] for key in known] + sorted(chosen - set(known))) or None


def _text(field: Definition, value: Any, region: str) -> str | None:
    return _short(line(_joined(value)), MAX_TEXT)


def _long_text(field: Definition, value: Any, region: str) -> str | None:
    return _short(written(_joined(value)), MAX_LONG_TEXT)


def _joined(value: Any) -> Any:
    return ", ".join(line(item) for item in value) if isinstance(value, list | tuple) else value


def _short(text: str, limit: int) -> str | None:
    if len(text) > limit:
        raise ValidationError(_("Enter at most %(n)d characters.") % {"n": limit})
    return text or None


def _number(field: Definition, value: Any, region: str) -> int | float:
    return numbers.stored(numbers.exact(value, _("Enter a number such as 1234.5, without separators.")))


def _money(field: Definition, value: Any, region: str) -> dict[str, str] | None:
    return money.read(value, field.currency)


def _date(field: Definition, value: Any, region: str) -> str | None:
    found = days.day(value)
    return found.isoformat() if found else None


def _datetime(field: Definition, value: Any, region: str) -> str | None:
    found = days.moment(value, timezone.get_current_timezone())
    return found.isoformat() if found else None


def _choice(field: Definition, value: Any, region: str) -> str | None:
    asked = line(value)
    return _chosen(field, asked) if asked else None


def _chosen(field: Definition, asked: str) -> str:
    """The choice of this value, or else of this label; whatever its case."""
    for place in (0, 1):
        for choice in field.choices:
            if choice[place].casefold() == asked.casefold():
                return choice[0]
    known = ", ".join(key for key, _label in field.choices[:20]) + (", …" if len(field.choices) > 20 else "")
    raise ValidationError(
        _("There is no choice “%(value)s”. Choices: %(known)s.") % {"value": asked[:60], "known": known}
    )


def _multi_choice(field: Definition, value: Any, region: str) -> list[str] | None:
    several = isinstance(value, list | tuple | set | frozenset)
    asked = [line(item) for item in value] if several else _apart(field, line(value))
    chosen = {_chosen(field, each) for each in asked if each}
    return [key for key, _label in field.choices if key in chosen] or None


def _apart(field: Definition, text: str) -> list[str]:
    """One text as several choices: apart at commas or semicolons, unless the whole is a choice."""
    if any(text.casefold() in (key.casefold(), label.casefold()) for key, label in field.choices):
        return [text]
    return [part.strip() for part in text.replace(";", ",").split(",")]


def _yesno(field: Definition, value: Any, region: str) -> bool | None:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "on": True, "1": True, "y": True, _("yes").casefold(): True,
             "no": False, "false": False, "off": False, "0": False, "n": False, _("no").casefold(): False}  # fmt: skip
    asked = line(value).casefold()
    if asked and asked not in words:
        raise ValidationError(_("Enter yes or no."))
    return words.get(asked)


def _phone(field: Definition, value: Any, region: str) -> str | None:
    raw = line(value)
    return phones.parse(raw, region) if raw else None


def _email(field: Definition, value: Any, region: str) -> str | None:
    address = tidied(line(value))
    if address:
        validate_email(address)
    return address or None


_validate_url = URLValidator(schemes=["http", "https"])


def _url(field: Definition, value: Any, region: str) -> str | None:
    address = line(value)
    if not address:
        return None
    address = address if "://" in address else f"https://{address}"
    _short(address, MAX_URL)
    _validate_url(address)
    return address


def _user(field: Definition, value: Any, region: str) -> int | None:
    from contacts import people

    found = people.user(value)
    return found.pk if found else None


_READ: Final[dict[Kind, Callable[[Definition, Any, str], Any]]] = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _long_text, Kind.NUMBER: _number, Kind.MONEY: _money, Kind.DATE: _date,
    Kind.DATETIME: _datetime, Kind.CHOICE: _choice, Kind.MULTI_CHOICE: _multi_choice, Kind.YESNO: _yesno,
    Kind.PHONE: _phone, Kind.EMAIL: _email, Kind.URL: _url, Kind.USER: _user,
}  # fmt: skip


def _typed_text(field: Definition, value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _typed_money(field: Definition, value: Any) -> Any:
    return numbers.exact(value["amount"], "") if money.is_money(value) else None


def _typed_date(field: Definition, value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _typed_datetime(field: Definition, value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 10 else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo else None


def _typed_set(field: Definition, value: Any) -> set[str] | None:
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else None


def _typed_user(field: Definition, value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_TYPED: Final[dict[Kind, Callable[[Definition, Any], Any]]] = {
    **dict.fromkeys((Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.PHONE, Kind.EMAIL, Kind.URL), _typed_text),
    Kind.NUMBER: lambda field, value: numbers.typed(value),
    Kind.MONEY: _typed_money,
    Kind.DATE: _typed_date,
    Kind.DATETIME: _typed_datetime,
    Kind.MULTI_CHOICE: _typed_set,
    Kind.YESNO: lambda field, value: value if isinstance(value, bool) else None,
    Kind.USER: _typed_user,
}
