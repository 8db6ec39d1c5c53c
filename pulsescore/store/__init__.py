"""What we know, whatever told us."""
