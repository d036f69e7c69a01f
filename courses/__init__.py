"""Courses, who may take them, how far they have come, and the certificates for it."""
