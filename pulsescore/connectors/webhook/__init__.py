"""Outgoing webhooks as a destination."""
