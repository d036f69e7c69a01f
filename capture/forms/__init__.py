"""Forms and surveys at work: how they are checked, shown, read and taken in."""
