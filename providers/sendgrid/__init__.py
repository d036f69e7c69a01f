"""SendGrid: what became of mails sent through it."""

from providers.sendgrid.signature import verify

__all__ = ["verify"]
