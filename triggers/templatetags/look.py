"""Icons, pills and moments for templates; what they show is decided in `triggers.wording.look` and `triggers.wording.moments`."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from triggers.wording import look, moments, words

register = template.Library()


@register.simple_tag
def icon(name: str, tone: str = "") -> SafeString:
    return look.icon(name, tone)


@register.simple_tag
def pill(state: str, words: Any) -> SafeString:
    return look.pill(state, words)


@register.simple_tag
def state_icon(state: str) -> SafeString:
    return look.state_icon(state)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    return moments.shown(value)


@register.filter
def quoted(value: Any) -> str:
    return words.quoted(str(value))


@register.filter
def exactly(value: datetime | None) -> str:
    return moments.exact(value)
