"""What time makes useless: old counters and long-ended log-ins."""

from datetime import datetime

from pulsescore.accounts import browser_sessions, throttle, tokens


def prune(*, now: datetime) -> int:
    """Delete it; returns how many rows went. For the night."""
    return throttle.prune(now=now) + tokens.prune(now=now) + browser_sessions.prune(now=now)
