"""The workflow document: read, checked, and written out for matching."""
