"""How a message stands, on pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations import standing
from conversations.models import Message

register = template.Library()


@register.simple_tag(name="standing")
def standing_of(message: Message) -> SafeString:
    """The message's pill, and the reason where there is one."""
    why = standing.why(message)
    return format_html("{} {}", standing.pill(message), why) if why else standing.pill(message)
