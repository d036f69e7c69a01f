"""Contacts from files: read, understood, checked, written in portions that survive any crash, and undone."""
