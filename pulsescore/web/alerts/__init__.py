"""Alerts: what fired, what people do about it, and the rules behind it."""
