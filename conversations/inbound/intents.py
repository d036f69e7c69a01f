"""What a reply means, by the phrases it holds: the same words always mean the same, and nobody outside is asked.

A phrase is one or several words that stand in this order within a clause; `*` at the end of a word stands for any
ending, and `?` alone for a question mark. Longer phrases come first and take their words, so that “not interested”
leaves no “interested”. Near a word like “not” a phrase does not count; one that says yes then says no.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext

from conversations.inbound.phrases import BUILT_IN
from conversations.models import Intent
from triggers import languages

POSITIVE: Final = "positive"
NEGATIVE: Final = "negative"
# What people mean they say at once; below come signatures.
READ: Final = 2000
# How many words off a “not” still denies a phrase. In German it often comes after.
BEFORE: Final = 3
AFTER: Final = 2
_CLAUSES: Final = re.compile(r"[.,;:!?…()\n\r]+|\s[-–—]\s")
_WORDS: Final = re.compile(r"[\w']+\*?")
_DENIALS: Final = re.compile(r"not|no|never|cannot|\w+n't|nicht|nie|niemals|kein\w*")


def read(text: str) -> list[str]:
    """The keys of the intents that the text holds, in the order of the alphabet; empty where it says none of them."""
    return meanings(text, dict(Intent.objects.values_list("key", "phrases")))


def meanings(text: str, phrases: Mapping[str, Iterable[str]]) -> list[str]:
    """The same by these phrases: each a list, under the key of its intent."""
    plain = _plain(text[:READ])
    wanted = sorted(
        (
            (words, key)
            for key, each in phrases.items()
            for words in map(_words, each)
            if words and _stem(words[0]) in plain
        ),
        key=lambda phrase: (-len(phrase[0]), phrase),
    )  # fmt: skip
    found = {key for key, each in phrases.items() if "?" in plain and "?" in each}
    for clause in _CLAUSES.split(plain):
        found.update(_in_clause(_WORDS.findall(clause), wanted))
    return sorted(found)


def ensure(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Gives an installation without intents the usual ones; whatever staff make of them stays."""
    # Migrated back, or not so far, there is no table.
    if Intent._meta.db_table not in connections[using].introspection.table_names() or Intent.objects.exists():
        return
    with languages.organisations():
        rows = [Intent(key=key, name=gettext(name), phrases=list(phrases)) for key, (name, phrases) in BUILT_IN.items()]
    Intent.objects.bulk_create(rows, ignore_conflicts=True)


def _in_clause(words: list[str], phrases: Sequence[tuple[tuple[str, ...], str]]) -> Iterator[str]:
    """The intents of one clause. `taken` says for each word how long the phrase is that it went into."""
    taken, denying = [0] * len(words), [bool(_DENIALS.fullmatch(word)) for word in words]
    where: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        where.setdefault(word, []).append(at)
    for phrase, key in phrases:
        for start in _places(words, where, phrase):
            place = range(start, start + len(phrase))
            # The same phrase may stand for two intents; a shorter one gets no word of a longer.
            if any(taken[at] > len(phrase) for at in place):
                continue
            denied = any(denying[at] for at in _near(words, place))
            for at in place:
                taken[at] = len(phrase)
                # The “no” of “no problem” denies nothing else; that of “leider nicht” does.
                denying[at] = denying[at] and (len(phrase) == 1 or key == NEGATIVE)
            if not denied:
                yield key
            elif key == POSITIVE:
                yield NEGATIVE


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(_plain(phrase)))


def _stem(word: str) -> str:
    return word.removesuffix("*")


def _places(words: list[str], where: Mapping[str, list[int]], phrase: tuple[str, ...]) -> Iterator[int]:
    starts = range(len(words)) if phrase[0].endswith("*") else where.get(phrase[0], ())
    for start in starts:
        if start + len(phrase) <= len(words) and all(map(_same, words[start:], phrase)):
            yield start


def _near(words: list[str], place: range) -> Iterator[int]:
    """Where a “not” would belong to the phrase there: before it, or for German after it."""
    yield from range(max(place.start - BEFORE, 0), place.start)
    yield from (at for at in range(place.stop, min(place.stop + AFTER, len(words))) if words[at] in ("nicht", "nie"))


def _same(word: str, wanted: str) -> bool:
    return word.startswith(_stem(wanted)) if wanted.endswith("*") else word == wanted


def _plain(text: str) -> str:
    return text.casefold().replace("’", "'").replace("ʼ", "'")
