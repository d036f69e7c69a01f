"""Commerce over the API."""
