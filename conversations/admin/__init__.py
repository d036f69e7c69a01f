"""Conversations in the admin: messages, the mailbox, channels, gateways and mail accounts, suppressed addresses."""

from conversations.admin import arrivals, calls, channels, inbox, intents, mailbox, messages, suppressions

__all__ = ["arrivals", "calls", "channels", "inbox", "intents", "mailbox", "messages", "suppressions"]
