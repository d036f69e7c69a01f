"""People: contacts, tags, notes, tasks, do-not-disturb and engagement score."""
