"""Keeping secrets: a text field encrypted at rest, and the forms of a value that may be shown or logged."""

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

REDACTED = "[redacted]"
TEXT_LIMIT = 1000
DEPTH_LIMIT = 32
# Marks a stored value, so that plain text in the column is told from a token.
_MARK = "fernet:"
_SECRET_WORDS = re.compile(
    "authorization|cookie|token|secret|password|passwd|passphrase|apikey|privatekey|credential|signature"
)


class SecretUnreadable(Exception):
    """A stored secret does not open with the keys of this installation; the message names the setting."""


class Secret(str):
    """Text whose `repr` shows its last characters only, so that tracebacks and logs do not hold the rest."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Secret …{fingerprint(self)}>"


class _Sealed(str):
    """A token as the database holds it."""

    __slots__ = ()


class _SecretAttribute(DeferredAttribute):
    """Opens the token when it is read, so that a row whose key is lost still loads and can be mended."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return Secret(_opened(value)) if isinstance(value, _Sealed) else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        plain = isinstance(value, str) and not isinstance(value, _Sealed)
        instance.__dict__[self.field.attname] = Secret(value) if plain else value


class SecretFormField(forms.CharField):
    """An input that never shows what is stored; left empty, it keeps what is stored."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})

    def has_changed(self, _initial: Any, data: Any) -> bool:
        return bool(data)


if TYPE_CHECKING:  # Django's own class takes no type arguments
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """Text stored as a Fernet token. SECRET_KEY encrypts; SECRET_KEY_FALLBACKS decrypt as well.

    Reading a value that no key opens raises `SecretUnreadable`. `values()` and `dumpdata` give the token,
    and `loaddata` takes it back. A save keeps a token it has not been given anew; assign a value to itself
    to encrypt it with the present key. Rows are found by `isnull` only: each token of one text is different.
    """

    descriptor_class = _SecretAttribute

    def from_db_value(self, value: str | None, *_context: Any) -> str | None:
        return _Sealed(value) if value else value

    def to_python(self, value: Any) -> Any:
        return _Sealed(value) if isinstance(value, str) and value.startswith(_MARK) else super().to_python(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return _sealed(super().get_db_prep_value(value, connection, prepared))

    def value_from_object(self, obj: models.Model) -> Any:
        """The value unopened: neither forms nor fixtures need the text, and a lost key must not stop them."""
        loaded = obj.__dict__
        return loaded[self.attname] if self.attname in loaded else super().value_from_object(obj)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return self.value_from_object(model_instance)

    def value_to_string(self, obj: models.Model) -> str:
        return _sealed(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs: Any) -> Any:
        # Last, because the admin names a textarea of its own for every TextField, and that one would show it.
        ours = {"form_class": SecretFormField, "widget": SecretFormField.widget, "required": False}
        return super().formfield(**{**kwargs, **ours})

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        if data:
            super().save_form_data(instance, data)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def _sealed(value: str | None) -> str | None:
    if not value or isinstance(value, _Sealed):
        return value
    return _Sealed(_MARK + _fernet(_keys()).encrypt(value.encode()).decode())


def _opened(token: str) -> str:
    try:
        return _fernet(_keys()).decrypt(token.removeprefix(_MARK)).decode()
    except InvalidToken:
        raise SecretUnreadable(
            _(
                "A stored secret cannot be read with the present SECRET_KEY. "
                "Add the former key to SECRET_KEY_FALLBACKS, or enter the secret again."
            )
        ) from None


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"concours.secrets").derive(key.encode())


def fingerprint(secret: str) -> str:
    """The last four characters, by which people tell secrets apart; nothing of a short one."""
    return str(secret)[-4:] if len(secret) >= 12 else ""


def redact(value: Any, depth: int = 0) -> Any:
    """A copy of JSON-like data for logs and pages: secrets blanked by their key's name, long text cut.

    Objects and lists deeper than `DEPTH_LIMIT` become an ellipsis.
    """
    if isinstance(value, str):
        return value if len(value) <= TEXT_LIMIT else value[:TEXT_LIMIT] + "…"
    if not isinstance(value, Mapping | list | tuple):
        return value
    if depth >= DEPTH_LIMIT:
        return "…"
    if isinstance(value, Mapping):
        return {key: REDACTED if _is_secret(key) else redact(item, depth + 1) for key, item in value.items()}
    return [redact(item, depth + 1) for item in value]


def _is_secret(key: Any) -> bool:
    """Whether a key is named like a secret, in any case and with any separators: `x-api-key`, `apiKey`."""
    return bool(_SECRET_WORDS.search(re.sub(r"[^a-z]", "", str(key).lower())))
