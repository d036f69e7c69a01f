"""One person, one contact: duplicates are found, merged, and old numbers live on."""
