"""TikTok: lead forms."""

from providers.tiktok.signature import verify

__all__ = ["verify"]
