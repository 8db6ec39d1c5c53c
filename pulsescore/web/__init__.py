"""Pages, area by area."""
