"""Inbound webhooks over the REST API."""
