"""Stripe: payments, invoices and subscriptions."""

from providers.stripe.signature import verify

__all__ = ["verify"]
