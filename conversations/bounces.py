"""What a mail server's refusal says of the address: whether it is gone for good (RFC 3463, RFC 5321)."""

import re
from typing import Final

_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# The address does not exist, cannot be, or has moved; the mailbox is closed.
_GONE: Final = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
# Without an enhanced code: no such mailbox, not local, name not allowed (RFC 5321, 4.2.3).
_GONE_CODES: Final = (550, 551, 553)


def code_of(code: int | None, reply: str) -> str:
    """The enhanced code where there is one, such as 5.1.1; else the reply's own."""
    found = _ENHANCED.search(reply)
    return found.group() if found else str(code or "")


def is_lasting(code: int | None, reply: str) -> bool:
    """Whether the next mail to the address would fare no better; not so for full mailboxes and matters of policy."""
    found = _ENHANCED.search(reply)
    if found is None:
        return code in _GONE_CODES
    kind, subject, detail = (int(part) for part in found.groups())
    return kind == 5 and (subject, detail) in _GONE
