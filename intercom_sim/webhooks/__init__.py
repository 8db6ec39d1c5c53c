"""Notifications to the app's address: what they say, how they are signed and delivered."""
