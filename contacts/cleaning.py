"""What may be written into a contact: every value is put into its stored form, or refused at its field."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from math import isfinite
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from contacts import countries, people, phones
from contacts.custom import days, values
from contacts.custom.days import Birthday
from contacts.mail_addresses import tidied
from contacts.models import CHANNELS, Contact
from contacts.models.custom_field import KEY
from contacts.texts import line, storable, written

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Clean = Callable[[Any, str], Any]

CUSTOM: Final = values.PREFIX
CUSTOM_NAME: Final = pattern(KEY)
EXTRAS: Final = 20
DEPTH: Final = 5
EVERY_CHANNEL: Final = ("all", *(name for name, _label in CHANNELS))


class Phone(NamedTuple):
    """A phone number to be stored, and what was typed; both empty to clear it."""

    number: str
    raw: str


def clean(given: Mapping[str, Any], region: str = "") -> dict[str, Any]:
    """The stored form of each value, by field; None clears a field.

    `region` is the country of phone numbers without country code, unless `given` names one. The phone
    becomes a `Phone`, a birth date a `Birthday`, the owner a user, custom fields (also given as
    `custom_fields.size`) one dict of what is to change. Raises ValidationError with the messages of every
    field that is refused, custom ones by their dotted name.
    """
    cleaned: dict[str, Any] = {}
    refused: dict[str, list[str]] = {}
    # The country goes first: phone numbers are read by it.
    for name, value in sorted(values.gathered(given).items(), key=lambda item: item[0] != "country"):
        try:
            cleaned[name] = _cleaner(name)(value, cleaned.get("country") or region)
        except ValidationError as error:
            # Custom fields are told each by its own name.
            refused |= error.message_dict if hasattr(error, "error_dict") else {name: error.messages}
    if refused:
        raise ValidationError(refused)
    return cleaned


def is_field(name: str) -> bool:
    """Whether `clean` knows the field."""
    custom = name.removeprefix(f"{CUSTOM}.")
    return name in FIELDS or (custom != name and CUSTOM_NAME.fullmatch(custom) is not None)


def _cleaner(name: str) -> Clean:
    try:
        return FIELDS[name]
    except KeyError:
        raise ValidationError(_("A contact has no field of this name.")) from None


def _column(name: str, value: Any) -> Any:
    """The value as the column takes it, by the column's own rules."""
    return cast("models.Field[Any, Any]", Contact._meta.get_field(name)).clean(value, None)


def _text(name: str) -> Clean:
    return lambda value, _region: _column(name, line(value))


def _street(value: Any, _region: str) -> Any:
    return _column("street", written(value))


def _email(value: Any, _region: str) -> str:
    checked: str = _column("email", tidied(line(value)))
    return checked


def _phone(value: Any, region: str) -> Phone:
    raw = line(value)
    return Phone(phones.parse(raw, region), raw) if raw else Phone("", "")


def _website(value: Any, _region: str) -> Any:
    address = line(value)
    return _column("website", f"https://{address}" if address and "://" not in address else address)


def _country(value: Any, _region: str) -> str:
    written = line(value)
    code = countries.codes().get(written.casefold(), written.upper())
    if code and code not in countries.codes().values():
        raise ValidationError(_("“%(code)s” is no country. Enter its two letters, such as DE.") % {"code": code})
    return code


def _birth_date(value: Any, _region: str) -> Birthday:
    return days.birthday(value)


def _score(value: Any, _region: str) -> Any:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValidationError(_("Enter a whole number, for example 3."))
    return _column("score", 0 if value in (None, "") else value)


def _owner(value: Any, _region: str) -> "User | None":
    return people.user(value)


def _dnd(value: Any, _region: str) -> dict[str, bool]:
    """The closed channels, each as true; "all" stands for every one."""
    closed = {} if value in (None, "") else value
    if not isinstance(closed, dict) or not all(isinstance(shut, bool) for shut in closed.values()):
        raise ValidationError(_('Enter channels with yes or no, such as {"email": true}.'))
    unknown = sorted(set(map(str, closed)) - set(EVERY_CHANNEL))
    if unknown:
        raise ValidationError(
            _("There is no channel “%(name)s”. Channels: %(names)s.")
            % {"name": unknown[0], "names": ", ".join(EVERY_CHANNEL)}
        )
    if closed.get("all"):
        return {"all": True}
    return {channel: True for channel in EVERY_CHANNEL if closed.get(channel)}


def _list_of(cleaner: Clean) -> Clean:
    """A list whose items `cleaner` takes; empty ones and repetitions are left out."""

    def items(value: Any, region: str) -> list[str]:
        entries = [] if value in (None, "") else value
        if not isinstance(entries, list | tuple) or len(entries) > EXTRAS:
            raise ValidationError(_("Enter a list of at most %(n)d.") % {"n": EXTRAS})
        cleaned = [cleaner(entry, region) for entry in entries]
        texts = [entry.number if isinstance(entry, Phone) else entry for entry in cleaned]
        return list({text.casefold(): text for text in texts if text}.values())

    return items


def _attribution(value: Any, _region: str) -> Any:
    if not isinstance(value, dict | None):
        raise ValidationError(_("Enter names and values."))
    return _plain(value or {})


def _plain(value: Any, depth: int = 0) -> Any:
    """The value as JSON has it, so that what is kept in memory equals what is read back."""
    if depth > DEPTH:
        raise ValidationError(_("This is nested too deep."))
    if isinstance(value, dict):
        return {storable(str(name)): _plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise ValidationError(_("Enter text, a number, a date, or yes or no."))


FIELDS: Final[Mapping[str, Clean]] = {
    **{
        name: _text(name)
        for name in (
            "first_name", "last_name", "company", "job_title", "city", "state", "postal_code",
            "time_zone", "language", "source", "external_id", "lead_status", "channel",
        )
    },
    "email": _email,
    "extra_emails": _list_of(_email),
    "phone": _phone,
    "extra_phones": _list_of(_phone),
    "website": _website,
    "street": _street,
    "country": _country,
    "birth_date": _birth_date,
    "owner": _owner,
    "dnd": _dnd,
    "score": _score,
    "attribution": _attribution,
    "custom_fields": values.clean,
}  # fmt: skip
