"""The engine in words for a person: events, verdicts, workflows, people, moments, icons and states."""
