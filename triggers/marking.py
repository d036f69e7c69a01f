"""What apps write into messages as they leave, so that what comes back says by which message: marks in their own links."""

from collections.abc import Callable
from typing import Final

# By name: given a text, the channel and the message's number, the text as it leaves. Each app fills its own in `ready`.
marks: Final[dict[str, Callable[[str, str, int], str]]] = {}


def marked(text: str, channel: str, message_id: int) -> str:
    """The text with every app's marks."""
    for mark in marks.values():
        text = mark(text, channel, message_id)
    return text
