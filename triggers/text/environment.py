"""Liquid as texts may use it: few tags, few filters, no clock, no objects, and a measure of the work done."""

from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment, RenderContext, Token, escape
from liquid.ast import Node
from liquid.builtin.content import Literal
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.comment_tag import CommentTag
from liquid.builtin.tags.for_tag import BreakTag, ContinueTag, ForTag
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.inline_comment_tag import InlineCommentTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.exceptions import LiquidError
from liquid.output import LimitedStringIO
from liquid.undefined import UNDEFINED
from liquid.utils import ReadOnlyChainMap

from triggers.text.errors import TextError, line_at
from triggers.text.filters import FILTERS
from triggers.text.plain import MAX_VALUE, STEP, Snapshot, extent, is_hidden, text_of

MAX_OUTPUT = 64 * 1024  # bytes


class Counted(Node):
    """A node that pays for its work: Liquid's loop limit does not see a block repeated by `when 1, 1, 1`."""

    weight = STEP

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        context.snapshot.spend(self.weight)
        return super().render_to_output(context, buffer)  # type: ignore[safe-super]


class _TextNode(OutputNode):
    """`{{ … }}` by our own notion of text: lists with commas, numbers without exponents, never a group."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        text = text_of(self.expression.evaluate(context))
        return buffer.write(escape(text) if context.autoescape else text)


class _TextOutput(Output):
    node_class = _TextNode


def _counted(tag: Any) -> Any:
    node = type(tag.node_class.__name__, (Counted, tag.node_class), {})
    return type(tag.__name__, (tag,), {"node_class": node})


COUNTED_TAGS = (Literal, _TextOutput, IfTag, UnlessTag, CaseTag, ForTag, CommentTag, InlineCommentTag)
# Without `illegal` the parser breaks on the first unknown tag.
TAGS = (*map(_counted, COUNTED_TAGS), Illegal, BreakTag, ContinueTag)


class Context(RenderContext):
    """Resolves names in one snapshot and nowhere else; every lookup and every filter pays for its size."""

    def __init__(self, template: BoundTemplate, snapshot: Snapshot) -> None:
        super().__init__(template, globals=snapshot)
        self.snapshot = snapshot
        # Without Liquid's `now` and `today`, which read the clock.
        self.scope = ReadOnlyChainMap(self.locals, snapshot)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        if any(isinstance(segment, str) and is_hidden(segment) for segment in path):
            return self.env.undefined(str(path[0]), token=token)
        found = super().get(path, token=token, default=default)
        self.snapshot.spend(extent(found))
        return found

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        return partial(self._filtered, super().filter(name, token), token)

    def _filtered(self, filter_: Callable[..., object], token: Token | None, *args: object, **kwargs: object) -> object:
        self.snapshot.spend(extent(args))
        try:
            result = filter_(*args, **kwargs)
            if isinstance(result, str) and len(result) > MAX_VALUE:
                raise TextError(_("A filter makes a text longer than 64 KB. Shorten what it is given."))
        except TextError as error:
            line = line_at(token.source, token.start_index) if token else None
            raise TextError(error.message, line) from None
        return result


class _Template(BoundTemplate):
    def make_partial_namespace(self, partial: bool, render_args: Any) -> dict[str, object]:
        """Nothing: Liquid would add a name of its own, `partial`."""
        return {}


class TextEnvironment(Environment):
    """The limits stand on the class because Liquid reads them there."""

    loop_iteration_limit = 1_000
    output_stream_limit = MAX_OUTPUT
    local_namespace_limit = 10_000
    context_depth_limit = 30
    block_nesting_limit = 31
    template_class = _Template

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in TAGS:
            self.add_tag(tag)
        self.filters.update(FILTERS)

    def error(self, exc: Any, msg: str | None = None, token: Token | None = None) -> None:
        """Raises, at the nearest place that is known: Liquid's "end of text" has none."""
        if isinstance(exc, LiquidError) and token and (not exc.token or exc.token.start_index < 0):
            exc.token = token
        super().error(exc, msg, token)


PLAIN = TextEnvironment()
HTML = TextEnvironment(autoescape=True)


def output() -> LimitedStringIO:
    """Where a rendering writes to; line ends stay as they are written."""
    return LimitedStringIO(MAX_OUTPUT, newline="")
