"""Rendering a text for one contact and one event."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from liquid.exceptions import ContextDepthError, LiquidError, LoopIterationLimitError, OutputStreamLimitError

from triggers.text.environment import Context, output
from triggers.text.errors import TextError
from triggers.text.plain import MAX_DEPTH, STEP, Snapshot, extent, json_of
from triggers.text.reading import Reading, read, unreadable
from triggers.text.scan import is_marked, require_size

# Python's own errors that Liquid lets through: a lone surrogate, a loop over its own counter, deep recursion.
PASSED_THROUGH = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
MAX_JSON = 256 * 1024  # characters of a rendered tree, keys and texts together


def render(source: str, values: Mapping[str, Any], *, html: bool = False) -> str:
    """The text with its merge fields filled in; a missing value is "".

    `values` are nested plain dicts by root, `{"contact": {"first_name": …}, "event": {…}, "vars": {…}}`; a
    `now` beside them is the clock for `"now" | date`. A root is copied when the text names it. With `html`
    every value is escaped, and what the author wrote is not. Raises TextError when the text is faulty, a
    value is an object, or a limit is reached: 64 KB of output, 1,000 turns of nested loops.
    """
    return _render(source, Snapshot(values), html=html)


def render_line(source: str, values: Mapping[str, Any]) -> str:
    """A one-line text such as a subject: line breaks of any kind become one space. Raises TextError."""
    lines = (line.strip() for line in render(source, values).splitlines())
    return " ".join(line for line in lines if line)


def render_json(tree: Any, values: Mapping[str, Any]) -> Any:
    """A JSON tree with every text in it rendered; keys and everything else stay.

    A text that is exactly one `{{ path }}` becomes the value itself: a number stays a number, a list a list,
    a date becomes ISO 8601 text and a missing value null. Raises TextError as `render` does, and for a tree
    deeper than 20 or larger than 256 KB when rendered.
    """
    return _Tree(Snapshot(values)).rendered(tree, 0)


class _Tree:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.room = MAX_JSON

    def rendered(self, node: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise TextError(_("The data is nested more than 20 deep. Flatten it."))
        if isinstance(node, dict):
            self._take(sum(len(str(key)) for key in node))
            return {key: self.rendered(item, depth + 1) for key, item in node.items()}
        if isinstance(node, list | tuple):
            self._take(0)
            return [self.rendered(item, depth + 1) for item in node]
        leaf = self._leaf(node)
        self._take(extent(leaf))
        return leaf

    def _leaf(self, node: Any) -> Any:
        if isinstance(node, str):
            return _value(node, self.snapshot)
        if node is None or isinstance(node, bool | int | float):
            return node
        raise TextError(_("The data holds something that is not JSON."))

    def _take(self, characters: int) -> None:
        self.room -= characters + STEP
        if self.room < 0:
            raise TextError(_("The data is larger than 256 KB. Send less of it."))


def _value(source: str, snapshot: Snapshot) -> Any:
    reading = _sound(source, html=False) if is_marked(source) else None
    path = reading.lone_path() if reading else None
    if reading is None or path is None:
        return _render(source, snapshot, html=False)
    return json_of(path.evaluate(Context(reading.template, snapshot)))


def _render(source: str, snapshot: Snapshot, *, html: bool) -> str:
    if not is_marked(source):
        require_size(source)
        return source
    template, buffer = _sound(source, html=html).template, output()
    try:
        template.render_with_context(Context(template, snapshot), buffer)
    except TextError:
        raise
    except LiquidError as error:
        raise _explained(error) from error
    except PASSED_THROUGH as error:
        raise TextError(_("The text cannot be rendered with these values.")) from error
    return buffer.getvalue()


def _sound(source: str, *, html: bool) -> Reading:
    reading = read(source, html=html)
    if reading.faults:
        raise TextError(reading.faults[0].message, reading.faults[0].line)
    return reading


def _explained(error: LiquidError) -> TextError:
    if isinstance(error, LoopIterationLimitError):
        return TextError(_("The loops go round more than 1,000 times. Limit them with “limit: 20”."))
    if isinstance(error, OutputStreamLimitError):
        return TextError(_("The text becomes longer than 64 KB. Shorten it."))
    if isinstance(error, ContextDepthError):
        return TextError(_("Loops are nested too deep. Flatten them."))
    return unreadable(error)
