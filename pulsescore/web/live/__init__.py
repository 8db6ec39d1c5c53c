"""Open pages learn of changes: one small question every few seconds, answered from four rows."""
