"""What a notification does: one function per concern, from the payload to the store's records."""
