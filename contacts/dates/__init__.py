"""The dates of contacts: who has one on which day, and when that is due."""
