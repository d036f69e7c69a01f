"""What would happen, what did not, and why: dry run, explain, replay, test and backfill."""
