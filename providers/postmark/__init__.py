"""Postmark: what became of mails sent through it."""

from providers.postmark.signature import verify

__all__ = ["verify"]
