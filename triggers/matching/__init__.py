"""MATCH: events are judged against live triggers and become runs."""
