"""Countries: two letters in the row (ISO 3166), and the name that the reader's language has for them (CLDR)."""

from functools import cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


@cache
def codes() -> dict[str, str]:
    """The codes by the country's English name in small letters, from the time zone database."""
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = (row.split("\t") for row in table.splitlines() if not row.startswith("#"))
    return {name.casefold(): code for code, name in rows}


def name(code: str) -> str:
    """Germany for DE, in whatever case; what is no country's code stays as it is."""
    return _names(get_language() or "en").get(code.upper(), code)


def choices() -> list[tuple[str, str]]:
    """Every country's code and name, by name."""
    return sorted(((code, name(code)) for code in codes().values()), key=lambda choice: choice[1].casefold())


@cache
def _names(language: str) -> dict[str, str]:
    try:
        found = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        found = Locale("en").territories
    return {code: found[code] for code in codes().values() if code in found}
