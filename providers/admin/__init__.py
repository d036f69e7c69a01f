"""Connections and what came in through them, in the admin."""

from providers.admin import connections, deliveries

__all__ = ["connections", "deliveries"]
