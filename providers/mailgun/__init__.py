"""Mailgun: what became of mails sent through it."""

from providers.mailgun.signature import verify

__all__ = ["verify"]
