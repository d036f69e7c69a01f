"""Twilio: text messages and calls."""

from providers.twilio.signature import verify

__all__ = ["verify"]
