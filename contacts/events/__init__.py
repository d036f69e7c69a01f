"""Event types of contacts, notes and tasks: one file each."""
