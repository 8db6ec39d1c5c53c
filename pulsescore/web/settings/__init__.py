"""Settings of the organization, its team, and oneself."""
