"""Documents and contracts: writing them from templates, sending, signing, and letting them run out."""
