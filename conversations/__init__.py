"""Messages in and out, and the one gate every send passes."""
