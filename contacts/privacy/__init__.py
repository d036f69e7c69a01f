"""What is kept about a person: consent, all of it in one file, and forgetting it."""
