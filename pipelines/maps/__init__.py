"""The map engine: assignments, waves, acts, and what follows from each."""
