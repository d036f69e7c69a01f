"""Courses in the admin: what is taught, who learns it, and certificates."""

from courses.admin import certificates, content, people

__all__ = ["certificates", "content", "people"]
