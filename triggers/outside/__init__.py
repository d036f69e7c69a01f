"""The outside world: the one safe HTTP client, what it may reach, signatures, credentials and answers."""
