"""One file, one action type."""
