"""Whatever signs as Standard Webhooks 1.0.0 says."""

from providers.standard_webhooks.signature import verify

__all__ = ["verify"]
