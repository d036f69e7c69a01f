"""Conversations in the admin: messages, calls, the mailbox, channels, gateways, mail accounts, suppressed addresses."""

from conversations.admin import (
    arrivals,
    calls,
    channels,
    dispositions,
    inbox,
    intents,
    mail_files,
    mail_templates,
    mailbox,
    messages,
    suppressions,
)

__all__ = [
    "arrivals", "calls", "channels", "dispositions", "inbox", "intents", "mail_files", "mail_templates", "mailbox",
    "messages", "suppressions",
]  # fmt: skip
