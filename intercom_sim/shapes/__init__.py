"""How things look on the wire in version 2.16 of the REST API; pure functions."""
