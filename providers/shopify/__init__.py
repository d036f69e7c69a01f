"""Shopify: orders and checkouts of a store."""

from providers.shopify.signature import verify

__all__ = ["verify"]
