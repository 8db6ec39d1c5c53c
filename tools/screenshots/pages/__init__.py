"""The shots of each area."""
