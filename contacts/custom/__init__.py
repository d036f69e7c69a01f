"""Custom fields: what staff defined, how values are read, and the dates among them that scans look for."""
