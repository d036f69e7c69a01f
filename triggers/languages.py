"""Which language a text is written in: its reader's where one is known, else the organisation's.

What is stored for many to read, such as why a run ended, is in the organisation's, whoever's request stored it.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation


def organisations() -> translation.override:
    """A block that writes in the organisation's language: the setting LANGUAGE_CODE."""
    return translation.override(settings.LANGUAGE_CODE)


def of_reader(name: str) -> translation.override:
    """A block that writes in a contact's language; where we do not speak it, the one that is set goes on."""
    return translation.override(spoken(name) or translation.get_language())


def of_mail_to(name: str) -> translation.override:
    """A block for what is sent to a contact: in its language, else the organisation's."""
    return translation.override(spoken(name) or settings.LANGUAGE_CODE)


def stored(what: str, **values: Any) -> str:
    """A text as it is stored: `what` is English, marked with `gettext_noop`, with places for the values."""
    with organisations():
        return translation.gettext(what) % values if values else translation.gettext(what)


@lru_cache(maxsize=500)
def spoken(name: str) -> str:
    """The code that “de-AT”, “de_DE”, “German” or “Deutsch” means among LANGUAGES; empty where there is none."""
    wanted = name.strip().casefold().replace("_", "-")
    if not wanted:
        return ""
    for code, _label in settings.LANGUAGES:
        info = translation.get_language_info(code)
        if wanted in (info["name"].casefold(), info["name_local"].casefold()):
            return code
    try:
        return translation.get_supported_language_variant(wanted)
    except (LookupError, ValueError):
        return ""
