"""Checking a text when it is saved, against the merge fields that exist."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.expression import Expression

from triggers.text.errors import TextError, TextProblem
from triggers.text.reading import MergeField, read

ROOTS = ("contact", "event", "vars")


def check(source: str, known: Callable[[str], bool]) -> list[TextProblem]:
    """Everything to put right before the text can be saved, by line; empty when all is well.

    `known("contact.first_name")` says whether the merge field exists. Braces, blocks and tags that cannot be
    read at all stop the reading, and come as the one problem. Never raises.
    """
    try:
        reading = read(source)
    except TextError as error:
        return [TextProblem(error.message, error.line)]
    unknown = [_unknown(field, known) for field in reading.fields if not _exists(field, known)]
    return sorted(dict.fromkeys([*reading.faults, *unknown]), key=lambda problem: problem.line or 0)


def merge_fields(source: str) -> set[str]:
    """The dotted names of the merge fields the text uses; raises TextError when it cannot be read.

    `event.tags.size` is either a field of its own or a property of the list `event.tags`: both are named.
    """
    return {name for field in read(source).fields if not field.is_hidden for name in field.names()}


def bare_fields(source: str) -> set[str]:
    """The fields the text prints whatever they hold: outside any block, and without `default`. Nothing raises."""
    try:
        nodes = read(source).template.nodes
    except TextError:
        return set()
    return {name for node in nodes if isinstance(node, OutputNode) and (name := _bare(node.expression))}


def _bare(expression: Expression) -> str:
    if isinstance(expression, FilteredExpression):
        if any(each.name == "default" for each in expression.filters or ()):
            return ""
        return _bare(expression.left)
    return ".".join(map(str, expression.path)) if isinstance(expression, Path) else ""


def _exists(field: MergeField, known: Callable[[str], bool]) -> bool:
    return not field.is_hidden and any(known(name) for name in field.names())


def _unknown(field: MergeField, known: Callable[[str], bool]) -> TextProblem:
    name = str(field)[:80]
    guess = None if field.is_hidden else _guess(name.lower(), known)
    if guess:
        message = _("“%(name)s” is not a merge field. Did you mean “%(guess)s”?")
    else:
        message = _("“%(name)s” is not a merge field. Choose one from the list, such as contact.first_name.")
    return TextProblem(message % {"name": name, "guess": guess}, field.line)


def _guess(name: str, known: Callable[[str], bool]) -> str | None:
    """The same name in lower case, or the root that was left out."""
    return next((guess for guess in (name, *(f"{root}.{name}" for root in ROOTS)) if known(guess)), None)
