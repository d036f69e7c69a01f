"""Event types of opportunities and maps: one file each."""
