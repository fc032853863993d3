"""Listing to shorter listing: the algebra of derivative lines, folding, dead code."""
