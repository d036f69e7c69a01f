"""Tags of the workflow form: the choices of event and action types, and which control has the focus."""

from typing import Any, Final

from django import template
from django.utils.safestring import SafeString, mark_safe

from triggers.admin.builder import faces
from triggers.admin.builder.controls import Control, Option

register = template.Library()

# Controls of a card that are in sight though nothing was set there.
MOST: Final = 5


@register.simple_tag(takes_context=True)
def focus(context: Any, name: str) -> SafeString:
    """`autofocus` on the one element that has the focus after a button was pressed."""
    return mark_safe(" autofocus") if context.get("focus") == name else SafeString("")


@register.filter
def event_options(key: str) -> list[tuple[str, list[Option]]]:
    return faces.events(key)


@register.filter
def action_options(key: str) -> list[tuple[str, list[Option]]]:
    return faces.actions(key)


@register.filter
def first_shown(controls: list[Control]) -> list[Control]:
    """The controls of a card that are always in sight: what is needed, what says something, and the first few."""
    return [control for index, control in enumerate(controls) if _is_shown(control, index, len(controls))]


@register.filter
def rest_of(controls: list[Control]) -> list[Control]:
    """The other controls, which are folded."""
    return [control for index, control in enumerate(controls) if not _is_shown(control, index, len(controls))]


def _is_shown(control: Control, index: int, count: int) -> bool:
    if control.errors or control.says_something or control.setting.required:
        return True
    return not control.setting.aside and (count <= MOST or index < MOST)
