"""Comments under posts of our pages, and our answers to them."""
