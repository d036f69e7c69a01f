"""How other systems write what we keep in one form: countries, yes and no, lead status, dates, lists."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO
from re import compile as pattern
from typing import Final, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts import countries

# Names that stand in exports beside the English ones of ISO 3166: common short forms, and people's own.
COUNTRIES: Final = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "america": "US",
    "uk": "GB", "u.k.": "GB", "united kingdom": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "deutschland": "DE", "österreich": "AT", "schweiz": "CH",
    "suisse": "CH", "svizzera": "CH", "españa": "ES", "italia": "IT", "belgique": "BE", "belgië": "BE",
    "nederland": "NL", "the netherlands": "NL", "holland": "NL", "danmark": "DK", "sverige": "SE", "norge": "NO",
    "suomi": "FI", "polska": "PL", "česko": "CZ", "czechia": "CZ", "czech republic": "CZ", "magyarország": "HU",
    "türkiye": "TR", "turkey": "TR", "brasil": "BR", "méxico": "MX", "ελλάδα": "GR", "україна": "UA",
    "россия": "RU", "russian federation": "RU", "日本": "JP", "中国": "CN", "대한민국": "KR", "south korea": "KR",
    "korea": "KR", "republic of korea": "KR", "korea, republic of": "KR", "north korea": "KP", "viet nam": "VN",
    "uae": "AE", "u.a.e.": "AE", "ישראל": "IL", "مصر": "EG", "भारत": "IN", "ivory coast": "CI", "hong kong": "HK",
    "macao": "MO", "taiwan": "TW", "iran": "IR", "syria": "SY", "laos": "LA", "bolivia": "BO", "tanzania": "TZ",
    "venezuela": "VE", "moldova": "MD", "republic of ireland": "IE", "éire": "IE", "schottland": "GB",
}  # fmt: skip
YES: Final = frozenset({"true", "yes", "y", "1", "x", "ja", "oui", "sí", "si", "on", "checked"})
NO: Final = frozenset({"false", "no", "n", "0", "", "nein", "non", "off", "unchecked"})
# HubSpot's own lead statuses beside ours.
LEAD: Final = {
    "new": "open", "open": "open", "in progress": "open", "open deal": "open", "attempted to contact": "open",
    "connected": "open", "unqualified": "closed", "bad timing": "closed", "closed": "closed", "won": "won",
    "customer": "won", "lost": "lost",
}  # fmt: skip

_ISO: Final = pattern(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_PARTS: Final = pattern(r"(\d{1,4})[./\-\s](\d{1,2})[./\-\s](\d{1,4})(?:\s.*)?")
_NO_YEAR: Final = pattern(r"--?-?(\d{2})-?(\d{2})|(1604)-(\d{2})-(\d{2})")
# Also what begins with apostrophes before such a sign: so that nothing is taken off that stood there.
_FORMULA: Final = pattern(r"'*[=+\-@\t\r\n]")
_ESCAPED: Final = pattern(r"'+[=+\-@\t\r\n]")


def country(text: str) -> str:
    """Two letters where the name is known, else the text, for the cleaning to judge."""
    name = " ".join(text.casefold().split())
    return COUNTRIES.get(name) or countries.codes().get(name) or text


def yes_or_no(text: str) -> bool:
    """Raises ValidationError for what is neither."""
    word = text.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def lead_status(text: str) -> str:
    """Ours for HubSpot's words (also as `OPEN_DEAL`); raises ValidationError for others."""
    found = LEAD.get(" ".join(text.casefold().replace("_", " ").split()))
    if found is None:
        raise ValidationError(_("“%(text)s” is no lead status. Use open, closed, won or lost.") % {"text": text[:40]})
    return found


def day(text: str, order: str) -> date | None:
    """The date; 1990-04-03, 19900403, 3.4.1990, or 04/03/1990 in the given order ("mdy" or "dmy").

    Outlook's 0/0/00 means none. Raises ValidationError for dates that do not exist or lack their year.
    """
    text = " ".join(text.split())
    if text in ("", "0/0/00", "0/0/0000", "0000-00-00"):
        return None
    if _NO_YEAR.fullmatch(text):
        raise ValidationError(_("“%(text)s” has no year; a birth date needs one.") % {"text": text})
    if found := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := _PARTS.fullmatch(text):
        year, month, number = _ordered(found.groups(), "dmy" if "." in text else order)
    else:
        raise ValidationError(_("“%(text)s” is no date. Write it as 1990-04-03.") % {"text": text[:40]})
    try:
        return date(year, month, number)
    except ValueError:
        raise ValidationError(_("There is no day “%(text)s”.") % {"text": text[:40]}) from None


def yearless(text: str) -> str:
    """The month and day, 04-15, of a birthday that has no year: --04-15, 1604-04-15; else empty.

    Raises ValidationError for a day that does not exist.
    """
    if not _NO_YEAR.fullmatch(text.strip()):
        return ""
    digits = "".join(letter for letter in text if letter.isdigit())[-4:]
    try:
        return f"{date(2000, int(digits[:2]), int(digits[2:])):%m-%d}"
    except ValueError:
        raise ValidationError(_("There is no day “%(text)s”.") % {"text": text[:40]}) from None


def _ordered(parts: Iterable[str], order: str) -> tuple[int, int, int]:
    first, second, third = parts
    if len(first) == 4:
        return int(first), int(second), int(third)
    number, month = (int(first), int(second)) if order == "dmy" else (int(second), int(first))
    year = int(third)
    if len(third) <= 2:
        # Born in the hundred years that end now.
        year += datetime.now().year // 100 * 100  # noqa: DTZ005 -- only the century counts
        year -= 100 if year > datetime.now().year else 0  # noqa: DTZ005
    return year, month, number


def unescaped(text: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if _ESCAPED.match(text) else text


def escaped(text: str) -> str:
    """The cell with an apostrophe where a spreadsheet would take it for a formula; `unescaped` takes it off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def items(text: str) -> list[str]:
    """The parts of a list in one cell: by “ ::: ” (Google), by semicolons, else by commas; quotes keep one whole."""
    if ":::" in text:
        parts = text.split(":::")
    else:
        mark = ";" if _outside_quotes(text, ";") else ","
        parts = [
            part for row in csv.reader([text.replace("\n", " ")], delimiter=mark, skipinitialspace=True) for part in row
        ]
    return [part.strip() for part in parts if part.strip()]


def as_items(parts: Iterable[str]) -> str:
    """One cell from which `items` reads the same parts."""
    parts = list(parts)
    quoted: Literal[0, 1] = (
        csv.QUOTE_ALL if any(mark in part for part in parts for mark in ',;:"') else csv.QUOTE_MINIMAL
    )
    out = StringIO()
    csv.writer(out, delimiter=";", quoting=quoted, lineterminator="").writerow(parts)
    return out.getvalue() if parts else ""


def _outside_quotes(text: str, mark: str) -> bool:
    return any(mark in part for part in text.split('"')[::2])
