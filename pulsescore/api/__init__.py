"""REST API, version 1, area by area."""
