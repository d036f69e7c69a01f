"""Meta: lead ads and comments on Facebook and Instagram."""

from providers.meta.signature import verify

__all__ = ["verify"]
