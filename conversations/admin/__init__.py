"""Conversations in the admin: messages, calls, the mailbox, channels, gateways, mail accounts, suppressed addresses."""

from conversations.admin import (
    arrivals,
    calls,
    channels,
    dispositions,
    inbox,
    intents,
    mail_files,
    mailbox,
    messages,
    suppressions,
)

__all__ = [
    "arrivals", "calls", "channels", "dispositions", "inbox", "intents", "mail_files", "mailbox", "messages",
    "suppressions",
]  # fmt: skip
