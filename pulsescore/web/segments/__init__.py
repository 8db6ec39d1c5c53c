"""Pages of segments: the list, the builder of rules, and who is in a segment."""
