"""User Python to listing: one rewriting per file."""
