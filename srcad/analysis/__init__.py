"""Facts about a listing: kinds, activity, what must be saved.  Nothing here rewrites."""
