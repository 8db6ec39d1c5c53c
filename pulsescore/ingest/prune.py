"""Forgetting: known messages, visitors who never became somebody, and what was given up."""

from datetime import datetime, timedelta
from typing import Final

from pulsescore.ingest.calls import KEPT_MESSAGES
from pulsescore.ingest.models import ArrivedBatch, MessengerLink, SeenMessage, VisitorCall

KEPT_VISITORS: Final = timedelta(days=30)
_WHY: Final = "what is too old is too old for everybody"


def prune(*, now: datetime) -> None:
    """Remove what is older than it is kept."""
    since = now - KEPT_VISITORS
    SeenMessage.objects.across_orgs(_WHY).filter(seen_at__lt=now - KEPT_MESSAGES).delete()
    VisitorCall.objects.across_orgs(_WHY).filter(occurred_at__lt=since).delete()
    MessengerLink.objects.across_orgs(_WHY).filter(told_at__lt=since).delete()
    given_up = ArrivedBatch.objects.across_orgs(_WHY).filter(next_attempt_at=None)
    given_up.filter(received_at__lt=since).delete()
