"""The table of rows, shared by the tests of what runs in a database."""

from triggers.tests.conditions.rows import rows

__all__ = ["rows"]
