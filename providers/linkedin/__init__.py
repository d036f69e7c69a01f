"""LinkedIn: lead forms."""

from providers.linkedin.signature import verify

__all__ = ["verify"]
