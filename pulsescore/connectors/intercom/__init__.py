"""Intercom: connect, read, receive."""
