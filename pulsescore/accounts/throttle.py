"""How often something may be asked for: fixed windows, counted in PostgreSQL for all processes."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import connection

from pulsescore.accounts.models import ThrottleCounter
from pulsescore.core.errors import Rejected

_MINUTE_SECS = 60


@dataclass(frozen=True)
class Limit:
    """At most `count` times in each window of `seconds`."""

    name: str
    count: int
    seconds: int


LOGIN_PER_ACCOUNT = Limit("login.account", 10, 300)
LOGIN_PER_ADDRESS = Limit("login.address", 100, 300)
REGISTER_PER_ADDRESS = Limit("register.address", 60, 3600)
RESET_PER_ACCOUNT = Limit("reset.account", 5, 3600)
RESET_PER_ADDRESS = Limit("reset.address", 60, 3600)
SECOND_STEP_PER_ACCOUNT = Limit("second_step.account", 10, 300)
VERIFY_PER_ACCOUNT = Limit("verify.account", 6, 3600)
INVITE_PER_ORG = Limit("invite.org", 200, 3600)


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit after one more use."""

    limit: int
    used: int
    reset_secs: int

    @property
    def exceeded(self) -> bool:
        """Whether this use was one too many."""
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        """Uses left in this window."""
        return max(0, self.limit - self.used)


class TooMany(Rejected):
    """Asked too often; trying again helps after `retry_after_secs`."""

    def __init__(self, retry_after_secs: int) -> None:
        super().__init__(f"Too many attempts. Try again in {_in_words(retry_after_secs)}.")
        self.retry_after_secs = retry_after_secs


def _in_words(secs: int) -> str:
    if secs < _MINUTE_SECS:
        return f"{secs} seconds" if secs > 1 else "a second"
    minutes = ceil(secs / _MINUTE_SECS)
    return f"{minutes} minutes" if minutes > 1 else "a minute"


# One statement, so that concurrent requests of any process are each counted once.
_TAKE = """
INSERT INTO accounts_throttlecounter AS t (key, "window", count)
VALUES (%(key)s, %(window)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN t."window" = EXCLUDED."window" THEN t.count + 1 ELSE 1 END,
    "window" = EXCLUDED."window"
RETURNING count
"""


def take(limit: Limit, subject: str, *, now: datetime) -> Allowance:
    """Count one use by `subject` (an address, an account, a token) and tell what is left."""
    start = int(now.timestamp()) // limit.seconds * limit.seconds
    parameters: dict[str, str | datetime] = {
        "key": _key(limit, subject),
        "window": datetime.fromtimestamp(start, UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        row = cursor.fetchone()
    reset = start + limit.seconds - now.timestamp()
    return Allowance(limit=limit.count, used=row[0], reset_secs=max(1, ceil(reset)))


def check(limit: Limit, subject: str, *, now: datetime) -> None:
    """Count one use; raises `TooMany` beyond the limit. `PULSESCORE_API_RATE=0` switches it off."""
    if not settings.CONFIG.api_rate:
        return
    allowance = take(limit, subject, now=now)
    if allowance.exceeded:
        raise TooMany(allowance.reset_secs)


def forgive(limit: Limit, subject: str) -> None:
    """Forget what was counted, for example after a log-in that succeeded."""
    ThrottleCounter.objects.filter(key=_key(limit, subject)).delete()


def prune(*, now: datetime) -> int:
    """Delete counters of windows that ended a day ago; returns how many."""
    return ThrottleCounter.objects.filter(window__lt=now - timedelta(days=1)).delete()[0]


def _key(limit: Limit, subject: str) -> str:
    # Hashed, so that no address of a person is kept here.
    return hashlib.sha256(f"{limit.name}:{subject}".encode("utf-8", "replace")).hexdigest()
