"""RUN: runs are walked from action to action, and their calls made."""
