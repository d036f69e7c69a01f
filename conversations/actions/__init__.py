"""Actions that reach people: e-mail to contacts, notices to staff."""
