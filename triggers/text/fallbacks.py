"""Giving a merge field of a text a fallback for those who have left it empty."""

import re


def with_default(source: str, field: str, word: str) -> str:
    """The text with `| default: "word"` at every place that prints the field and has no `default` yet.

    The word stands within double quotes and must hold none.
    """
    places = re.compile(r"\{\{-?\s*" + re.escape(field) + r"(?![\w.\[])[^}]*?(?=\s*-?\}\})")
    return places.sub(lambda place: _given(place.group(), word), source)


def _given(place: str, word: str) -> str:
    return place if re.search(r"\|\s*default\b", place) else f'{place} | default: "{word}"'
