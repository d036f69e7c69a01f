"""Tasks in time: when they are due, what comes after them, whose day they fill."""
