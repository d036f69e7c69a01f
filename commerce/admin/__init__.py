"""Commerce in the admin."""

from commerce.admin import documents, goods, invoices, orders, payments

__all__ = ["documents", "goods", "invoices", "orders", "payments"]
