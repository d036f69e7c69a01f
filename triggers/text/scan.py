"""A first look at a text, in one pass: sizes, closed braces, allowed tags, closed blocks.

It comes before Liquid's own lexer, whose patterns need quadratic time for what this refuses: braces that
never close, long runs of blanks inside them, `raw` and `doc` without an end.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from triggers.text.errors import TextError, line_at

MAX_SOURCE = 20_000  # bytes
MAX_TAG = 1_000  # characters between two braces
MAX_NESTING = 30
BLOCKS = ("if", "unless", "case", "for", "comment")
# What may stand inside which open block.
BRANCHES = {"else": ("if", "unless", "case", "for"), "elsif": ("if", "unless"), "when": ("case",)}
JUMPS = ("break", "continue")

_OPENING = re.compile(r"\{[{%]")
_CLOSING = {"{{": "}}", "{%": "%}"}
_NAME = re.compile(r"-?\s*(#|\w+)")
_GAP = re.compile(r"\s{64}")


class _Piece(NamedTuple):
    opening: str
    body: str
    at: int


class _Block(NamedTuple):
    name: str
    at: int


def is_marked(source: str) -> bool:
    """Whether there is anything to render in the text at all."""
    return _OPENING.search(source) is not None


def scan(source: str) -> None:
    """Raises TextError at the first thing that keeps the text from being read."""
    require_size(source)
    open_blocks: list[_Block] = []
    for piece in _pieces(source):
        try:
            _place(piece, open_blocks)
        except TextError as error:
            raise TextError(error.message, line_at(source, piece.at)) from None
    if open_blocks:
        name, at = open_blocks[-1]
        message = _("“%(name)s” is never closed. Close it with {%% end%(name)s %%}.") % {"name": name}
        raise TextError(message, line_at(source, at))


def require_size(source: str) -> None:
    """Raises TextError when the text is longer than 20 kB."""
    if len(source) > MAX_SOURCE or len(source.encode("utf-8", "surrogatepass")) > MAX_SOURCE:
        raise TextError(_("The text is longer than 20 kB. Shorten it."))


def _pieces(source: str) -> Iterator[_Piece]:
    """Each `{{ … }}` and `{% … %}` in turn, as Liquid's lexer sees them: the first closing brace ends it."""
    position = 0
    while found := _OPENING.search(source, position):
        opening = found.group()
        end = source.find(_CLOSING[opening], found.end())
        if end < 0:
            message = _("“%(opening)s” is never closed. Close it with “%(closing)s”.")
            words = {"opening": opening, "closing": _CLOSING[opening]}
            raise TextError(message % words, line_at(source, found.start()))
        yield _Piece(opening, source[found.end() : end], found.start())
        position = end + 2


def _place(piece: _Piece, open_blocks: list[_Block]) -> None:
    if len(piece.body) > MAX_TAG or _GAP.search(piece.body):
        raise TextError(_("More than 1,000 characters or a long gap stand between two braces. Shorten this."))
    if piece.opening == "{%":
        named = _NAME.match(piece.body)
        _place_tag(named.group(1) if named else "", piece.at, open_blocks)
    elif not piece.body.strip("- \t\r\n"):
        raise TextError(_("The braces are empty. Name a merge field, such as {{ contact.first_name }}."))


def _place_tag(name: str, at: int, open_blocks: list[_Block]) -> None:
    inside = open_blocks[-1].name if open_blocks else ""
    if inside == "comment" and name and name not in ("raw", "doc"):
        if name in ("comment", "endcomment"):
            _open_or_close(name, at, open_blocks)
    elif name in BLOCKS or name.startswith("end"):
        _open_or_close(name, at, open_blocks)
    elif name in BRANCHES or name in JUMPS:
        _require_home(name, inside, open_blocks)
    elif name != "#":
        allowed = ", ".join(BLOCKS)
        message = _("The tag “%(name)s” cannot be used here. Tags you can use: %(allowed)s.")
        raise TextError(message % {"name": name, "allowed": allowed})


def _open_or_close(name: str, at: int, open_blocks: list[_Block]) -> None:
    if name in BLOCKS:
        if len(open_blocks) == MAX_NESTING:
            raise TextError(_("Blocks are nested more than 30 deep. Flatten them."))
        open_blocks.append(_Block(name, at))
    elif open_blocks and name == f"end{open_blocks[-1].name}":
        open_blocks.pop()
    else:
        message = _("“%(name)s” does not close the block that is open here. Remove it, or open its block.")
        raise TextError(message % {"name": name})


def _require_home(name: str, inside: str, open_blocks: list[_Block]) -> None:
    if name in JUMPS:
        homes: tuple[str, ...] = ("for",)
        at_home = any(block.name == "for" for block in open_blocks)
    else:
        homes = BRANCHES[name]
        at_home = inside in homes
    if not at_home:
        message = _("“%(name)s” stands outside its block. It belongs inside: %(homes)s.")
        raise TextError(message % {"name": name, "homes": ", ".join(homes)})
