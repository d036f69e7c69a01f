"""One file, one event type."""
