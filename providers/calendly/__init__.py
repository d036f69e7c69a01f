"""Calendly: bookings."""

from providers.calendly.signature import verify

__all__ = ["verify"]
