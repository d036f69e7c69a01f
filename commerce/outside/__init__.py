"""What other systems tell of payments, invoices, subscriptions, orders and documents: into the same records as our own.

Providers read their own messages into the classes here. Whatever the order of arrival, the records end the same; see
`commerce.mirroring`.
"""
