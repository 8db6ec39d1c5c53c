"""Commands of the web stage."""
