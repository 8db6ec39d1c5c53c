"""Settings of the connections to other services."""
