"""A text read once: its template, the merge fields it names and what is wrong with it.

Everything that can be known without values is settled here, so that rendering a text that was never checked
is as safe as rendering one that was.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.arguments import KeywordArgument
from liquid.builtin.expressions.filtered import Filter
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from triggers.text.environment import HTML, PLAIN, Context, Counted
from triggers.text.errors import TextError, TextProblem, line_at
from triggers.text.filters import FILTERS, USAGE, accepts
from triggers.text.plain import STEP, Snapshot, is_hidden
from triggers.text.scan import scan

READINGS_KEPT = 128
_PROPERTIES = ("size", "first", "last")


@dataclass(frozen=True)
class MergeField:
    """A field as the text names it; `event.items[0].name` and `event.tags.size` begin with a list."""

    segments: tuple[str | int, ...]
    line: int | None

    def __str__(self) -> str:
        return ".".join(map(str, self.segments))

    @property
    def is_hidden(self) -> bool:
        return any(isinstance(segment, str) and is_hidden(segment) for segment in self.segments)

    def names(self) -> list[str]:
        """What may be its name in the catalogue: all of it, or what stands before an item or a property."""
        ends = [
            at
            for at, segment in enumerate(self.segments)
            if at > 0 and (isinstance(segment, int) or segment in _PROPERTIES)
        ]
        whole = [] if any(isinstance(segment, int) for segment in self.segments) else [len(self.segments)]
        return [".".join(map(str, self.segments[:end])) for end in (*whole, *ends)]


@dataclass(frozen=True)
class Reading:
    """The template with every merge field and every fault in the order of the text."""

    template: BoundTemplate
    fields: tuple[MergeField, ...]
    faults: tuple[TextProblem, ...]

    def lone_path(self) -> Path | None:
        """The path when the text is exactly one `{{ path }}`."""
        node = self.template.nodes[0] if len(self.template.nodes) == 1 else None
        expression = node.expression if isinstance(node, OutputNode) else None
        if not isinstance(expression, FilteredExpression) or expression.filters:
            return None
        return expression.left if isinstance(expression.left, Path) else None


def read(source: str, *, html: bool = False) -> Reading:
    """Raises TextError when the text cannot be read at all; whatever else is wrong is in `faults`."""
    return _read(source, html, get_language())


@lru_cache(maxsize=READINGS_KEPT)
def _read(source: str, html: bool, language: str | None) -> Reading:
    """Kept by language too, because the faults are worded in it."""
    scan(source)
    try:
        template = (HTML if html else PLAIN).from_string(source)
        return _Reader(source, template).reading()
    except (LiquidError, RecursionError) as error:
        if isinstance(error, LiquidError) and not isinstance(error.__cause__, RecursionError):
            raise unreadable(error) from error
        raise TextError(_("A condition or a path in the text is too long. Split it.")) from error


def unreadable(error: LiquidError) -> TextError:
    """Liquid's complaint, with the line; a field called like one of Liquid's words gets advice instead."""
    token = error.token
    line = line_at(token.source, token.start_index) if token else None
    reason = str(error.message)
    if token and token.value.isidentifier() and reason.startswith("expected an identifier"):
        message = _('“%(word)s” is a word of Liquid. Write a field of this name in brackets: ["%(word)s"].')
        return TextError(message % {"word": token.value}, line)
    return TextError(_("This cannot be read: %(reason)s.") % {"reason": reason}, line)


class _Reader:
    def __init__(self, source: str, template: BoundTemplate) -> None:
        self.source = source
        self.template = template
        self.static = Context(template, Snapshot({}))
        self.fields: list[MergeField] = []
        self.faults: list[TextProblem] = []

    def reading(self) -> Reading:
        for node in self.template.nodes:
            self._node(node, frozenset())
        return Reading(self.template, tuple(self.fields), tuple(self.faults))

    def _node(self, node: Node, local: frozenset[str]) -> int:
        """Reads a node with all below it; returns the work of rendering it once, counted children aside."""
        weight = STEP + sum(self._expression(expression, local) for expression in node.expressions())
        inside = local | frozenset(node.block_scope())
        for child in node.children(self.static):
            child_weight = self._node(child, inside)
            weight += 0 if isinstance(child, Counted) else child_weight
        if isinstance(node, Counted):
            node.weight = weight
        return weight

    def _expression(self, expression: Expression, local: frozenset[str]) -> int:
        if isinstance(expression, RangeLiteral):
            self._fault(expression, _("A range such as (1..5) cannot be used. Loop over a list field."))
        elif isinstance(expression, Path):
            self._path(expression, local)
        elif isinstance(expression, FilteredExpression):
            for filter_ in expression.filters or ():
                self._filter(filter_)
        return STEP + sum(self._expression(child, local) for child in expression.children())

    def _path(self, path: Path, local: frozenset[str]) -> None:
        segments = tuple(segment for segment in path.path if not isinstance(segment, Path))
        if len(segments) < len(path.path):
            message = _("“%(path)s” takes a field's name from another field. Write the name itself.")
            self._fault(path, message % {"path": str(path)[:80]})
            return
        field = MergeField(segments, line_at(self.source, path.token.start_index))
        if field.is_hidden or segments[0] not in local:
            self.fields.append(field)

    def _filter(self, filter_: Filter) -> None:
        name = filter_.name
        if name not in FILTERS:
            near = get_close_matches(name[:30], FILTERS, n=1)
            hint = near[0] if near else ", ".join(FILTERS)
            message = _("There is no filter “%(name)s”. You can use: %(hint)s.")
            self._fault(filter_, message % {"name": name, "hint": hint})
            return
        named = [argument.name for argument in filter_.args if isinstance(argument, KeywordArgument)]
        if not accepts(name, len(filter_.args) - len(named), named):
            message = _("The filter “%(name)s” is not written like this. Write it so: %(usage)s.")
            self._fault(filter_, message % {"name": name, "usage": USAGE.get(name, name)})

    def _fault(self, place: Expression | Filter, message: str) -> None:
        self.faults.append(TextProblem(message, line_at(self.source, place.token.start_index)))
