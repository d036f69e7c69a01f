"""Calls answered by a workflow: the script it writes while the caller listens, and what the caller answers."""
