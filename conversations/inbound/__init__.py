"""What people write to us, by whatever way it comes: read, taken in once, and told."""
