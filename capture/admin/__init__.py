"""Capture in the admin: a file for each kind of record."""

from capture.admin import forms, inbound, links, pages, submissions

__all__ = ["forms", "inbound", "links", "pages", "submissions"]
