"""What the tests of pages look at."""

from datetime import UTC

from pulsescore.core.clock import utcnow
from tests import seeding


def make_alices() -> seeding.Seeded:
    """Alice's organization with a dozen customers, as of now."""
    now = utcnow().astimezone(UTC)
    return seeding.seed("alice@example.com", customers=12, now=now, days=0)
