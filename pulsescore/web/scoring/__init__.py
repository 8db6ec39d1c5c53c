"""Settings of the health score."""
