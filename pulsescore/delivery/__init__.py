"""The outbox to destinations outside: claim, try, retry, pause."""
