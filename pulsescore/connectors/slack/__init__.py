"""Slack channels as a destination, by incoming webhook."""
