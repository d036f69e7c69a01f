"""Where outside data comes in first-hand: inbound webhooks, forms and surveys, links, pages and videos."""
