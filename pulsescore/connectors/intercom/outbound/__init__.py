"""Syncing out: what PulseScore knows is written to Intercom, where the connection is two-way."""
