"""Contacts as files: CSV, Excel and vCard, written row by row."""
