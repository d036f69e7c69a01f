"""Files as rows of texts, whatever their format: each row with the line it stands at, one at a time."""
