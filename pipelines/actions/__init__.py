"""Actions on opportunities and maps: one file each."""
