"""The engine's small pieces of HTML: icons of the sprite, and state pills of icon and word."""

from typing import Any, Final

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE: Final = "concours/icons.svg"

# By state, whatever it is a state of: tone and icon. The word is the state's own label.
PILLS: Final = {
    "live": ("ok", "done"),
    "draft": ("new", "pencil"),
    "observing": ("outlined", "eye"),
    "paused": ("calm", "pause"),
    "archived": ("calm", "archive"),
    "pending": ("outlined", "clock"),
    "running": ("new", "play"),
    "waiting": ("wait", "hourglass"),
    "held": ("wait", "hold"),
    "uncertain": ("wait", "question"),
    "done": ("ok", "done"),
    "failed": ("bad", "failed"),
    "skipped": ("calm", "minus"),
    "cancelled": ("calm", "stop"),
    "observed": ("outlined", "eye"),
    "ok": ("ok", "done"),
    "disabled": ("bad", "failed"),
    "counted": ("new", "clock"),
    "started": ("ok", "done"),
    "missed": ("calm", "minus"),
    "new": ("new", "pencil"),
    "checking": ("wait", "hourglass"),
    "checked": ("new", "done"),
    "undoing": ("wait", "again"),
    "undone": ("calm", "again"),
    "open": ("outlined", "open"),
    "sent": ("new", "mail"),
    "viewed": ("new", "eye"),
    "approved": ("new", "tick"),
    "won": ("ok", "done"),
    "lost": ("calm", "minus"),
    "closed": ("calm", "stop"),
}
TONES: Final = {"ok": "ok", "new": "accent", "wait": "wait", "bad": "bad", "calm": "quiet", "outlined": "quiet"}


# By the first part of an action's key.
ACTIONS: Final = {
    "email": "mail", "sms": "chat", "task": "task", "wait": "hourglass", "user": "bell", "note": "note",
    "contact": "person", "opportunity": "board", "http": "globe", "webhook": "globe", "goal": "flag",
    "appointment": "clock", "branch": "branch", "split": "branch", "run": "stop",
}  # fmt: skip


def icon_of_action(key: str) -> str:
    return ACTIONS.get(key.partition(".")[0], "bolt")


def icon(name: str, tone: str = "") -> SafeString:
    """An icon of the sprite; `tone` colours it. It stands beside a word and is hidden from screen readers."""
    classes = f"icon {tone}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static(SPRITE), name)


def pill(state: str, words: Any) -> SafeString:
    """A state as icon and word; `words` may say more than the state's label: “Waiting until 14:30”."""
    tone, name = PILLS.get(state, ("calm", "minus"))
    return format_html('<span class="pill {}">{}{}</span>', tone, icon(name), words)


def state_icon(state: str) -> SafeString:
    """The state's icon alone, coloured, for timelines; the word stands beside it."""
    tone, name = PILLS.get(state, ("calm", "minus"))
    return icon(name, f"tone-{TONES[tone]}")
