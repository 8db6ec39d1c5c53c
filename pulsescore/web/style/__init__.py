"""The living style page."""
