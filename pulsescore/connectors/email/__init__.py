"""E-mail as a destination."""
