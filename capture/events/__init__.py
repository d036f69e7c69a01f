"""Event types of what comes in from outside: one file each."""
