"""Where outside data comes in first-hand: generic inbound webhooks."""
