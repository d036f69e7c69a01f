"""Dropbox Sign: documents sent for signature."""

from providers.dropbox_sign.signature import verify

__all__ = ["verify"]
