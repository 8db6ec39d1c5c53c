"""The morning look: what changed, who needs attention, how well we know."""
