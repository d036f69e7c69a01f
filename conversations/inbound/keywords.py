"""Words that are no answer but an order: STOP, START, HELP (CTIA; the lists that carriers and Twilio keep)."""

import re
from typing import Final

from conversations.suppressing import BY_NUMBER

STOP: Final = "stop"
START: Final = "start"
HELP: Final = "help"

_WORDS: Final = {
    **dict.fromkeys(
        ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "opt out", "opt-out",
         "revoke", "stopp", "abmelden", "arret", "arrêt"), STOP,
    ),
    # Not YES, which answers questions as well.
    **dict.fromkeys(("start", "unstop", "optin", "opt in", "opt-in"), START),
    **dict.fromkeys(("help", "info"), HELP),
}  # fmt: skip
_AROUND: Final = re.compile(r"^\W+|\W+$")


def read(channel: str, body: str) -> str:
    """The order that the message is; empty where it is an answer, or the channel knows no orders."""
    if channel not in BY_NUMBER or len(body) > 100:
        return ""
    return _WORDS.get(" ".join(_AROUND.sub("", body).casefold().split()), "")
