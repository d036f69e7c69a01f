"""The custom fields of one contact: what is given is put into its stored form, or refused at its own name."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.custom import kinds
from contacts.custom.definitions import Definitions, definitions
from contacts.custom.kinds import Definition, Kind, companion, typed
from contacts.models import Contact
from contacts.models.custom_field import ON_CONTACTS

PREFIX: Final = "custom_fields"
# More than anybody defines: a longer dict is no list of fields.
MOST: Final = 500
KNOWN: Final = 20


def clean(given: Any, region: str = "", on: str = ON_CONTACTS) -> dict[str, Any] | None:
    """What is to change: a key's stored form, or None to remove it; None for all removes every one.

    Raises ValidationError by name, such as `custom_fields.size`. `region` as in `kinds.stored`, `on` as in `carriers`.
    """
    if given is None:
        _refuse_if(_required(on))
        return None
    if not isinstance(given, dict) or len(given) > MOST:
        raise ValidationError({PREFIX: [_("Enter custom fields as names and values.")]})
    known = definitions(on) if given else {}
    cleaned: dict[str, Any] = {}
    refused: dict[str, list[str]] = {}
    for key, value in given.items():
        try:
            cleaned[key] = _clean(str(key), value, region, known)
        except ValidationError as error:
            refused[f"{PREFIX}.{str(key)[:80]}"] = error.messages
    _refuse_if(refused)
    return cleaned


def gathered(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values a contact or a deal is given, with `custom_fields.x` put together under `custom_fields`."""
    found = {name: value for name, value in given.items() if not name.startswith(f"{PREFIX}.")}
    single = {n.removeprefix(f"{PREFIX}."): v for n, v in given.items() if n.startswith(f"{PREFIX}.")}
    if single:
        whole = found.get(PREFIX) or {}
        found[PREFIX] = {**whole, **single} if isinstance(whole, dict) else whole
    return found


def missing(given: Mapping[str, Any], on: str = ON_CONTACTS) -> dict[str, list[str]]:
    """What a form or the API must still ask for before it makes a contact, by name."""
    return {
        name: said for name, said in _required(on).items() if given.get(name.removeprefix(f"{PREFIX}.")) in (None, "")
    }


def facts(held: Mapping[str, Any], known: Definitions, names: Mapping[int, str]) -> dict[str, Any]:
    """What conditions and texts read of a contact, by name: every field there is, None where it is not set.

    `names` are those of users, by number. What is stored under a key that nobody defined comes as it is.
    """
    found: dict[str, Any] = {f"{PREFIX}.{key}": value for key, value in held.items() if key not in known}
    for key, field in known.items():
        found[f"{PREFIX}.{key}"] = typed(field, held.get(key))
        if field.companion:
            found[f"{PREFIX}.{field.companion}"] = companion(field, held.get(key), dict(names))
    return found


def users_in(held: Mapping[str, Any], known: Definitions) -> set[int]:
    """The users that a contact's custom fields name."""
    named = (typed(field, held.get(key)) for key, field in known.items() if field.kind == Kind.USER)
    return {number for number in named if number is not None}


def check_contact(contact: Contact) -> None:
    """Puts the contact's new and changed custom fields into their stored form. Raises ValidationError."""
    try:
        contact.custom_fields = check_model(contact.custom_fields, contact.loaded("custom_fields"), contact.country)
    except ValidationError as error:
        raise ValidationError({PREFIX: error.messages}) from None


def check_model(held: Any, before: Any, region: str) -> dict[str, Any]:
    """A contact's whole `custom_fields` for Django's own validation: changed values in their stored form.

    What was stored already stays untouched. Raises ValidationError whose messages name the field.
    """
    if not isinstance(held, dict):
        raise ValidationError([_("Enter custom fields as names and values.")])
    loaded = before if isinstance(before, dict) else {}
    news = {key: value for key, value in held.items() if value != loaded.get(key)}
    news |= {key: None for key in loaded.keys() - held.keys() if key in definitions()}
    try:
        cleaned = clean(news, region) or {}
    except ValidationError as error:
        known = definitions()
        raise ValidationError([
            f"{known[key].label if key in known else key}: {message}"
            for name, messages in error.message_dict.items()
            for key in [name.removeprefix(f"{PREFIX}.")]
            for message in messages
        ]) from None  # fmt: skip
    return {key: value for key, value in {**held, **cleaned}.items() if value is not None}


def label(key: str, on: str = ON_CONTACTS) -> str:
    """What people call the field; the key where nobody defined it."""
    found = definitions(on).get(key)
    return found.label if found else key


def unknown(key: str, known: Definitions) -> str:
    """That there is no such field, and which there are."""
    active = [each.key for each in known.values() if not each.archived]
    near = get_close_matches(key, active, n=1)
    if near:
        return _("There is no custom field “%(key)s”. Is it “%(near)s”?") % {"key": key[:80], "near": near[0]}
    if not active:
        return _("There is no custom field “%(key)s”; none is defined yet.") % {"key": key[:80]}
    shown = ", ".join(active[:KNOWN]) + (", …" if len(active) > KNOWN else "")
    return _("There is no custom field “%(key)s”. There are: %(known)s.") % {"key": key[:80], "known": shown}


def _clean(key: str, value: Any, region: str, known: Definitions) -> Any:
    field = known.get(key)
    if field is None:
        raise ValidationError(unknown(key, known))
    stored = kinds.stored(field, value, region)
    if stored is None and field.required and not field.archived:
        raise ValidationError(_needed(field))
    if stored is not None and field.archived:
        raise ValidationError(_("“%(label)s” is archived; it takes no new values.") % {"label": field.label})
    return stored


def _needed(field: Definition) -> str:
    return _("“%(label)s” is required.") % {"label": field.label}


def _required(on: str) -> dict[str, list[str]]:
    needed = [field for field in definitions(on).values() if field.required and not field.archived]
    return {f"{PREFIX}.{field.key}": [_needed(field)] for field in needed}


def _refuse_if(refused: dict[str, list[str]]) -> None:
    if refused:
        raise ValidationError(refused)
