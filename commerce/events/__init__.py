"""What happens with orders, invoices, payments and documents: one file, one event type."""
