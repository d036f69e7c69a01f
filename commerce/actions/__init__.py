"""What workflows do with orders, invoices, payments and documents: one file, one action type."""
