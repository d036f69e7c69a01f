"""Event types of the engine itself: one file each."""
