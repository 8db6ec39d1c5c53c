"""The geometry of charts."""
