"""Whether webhooks fell silent: the last real delivery against what polling had to find itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db.models import Max, Sum

from pulsescore.connectors.intercom.models import RunKind, SyncRun, TopicDelivery

LOOKED_BACK: Final = timedelta(hours=24)
# A few are usual: bots close conversations, and topics are left out on purpose.
_TOLERATED: Final = 5
_TEST_TOPIC: Final = "ping"

State = Literal["never", "silent", "partial", "fine"]


@dataclass(frozen=True, kw_only=True)
class Silence:
    """How webhooks do; `changes` were found by polling alone, within a day.

    `never`: no delivery yet. `silent`: changes came after the last delivery, and none told of them.
    `partial`: deliveries arrive, but more than a few changes come without.
    """

    state: State
    changes: int
    last_at: datetime | None


def last_announced_at(org_id: int, connection_id: int) -> datetime | None:
    """When Intercom last delivered something other than a test."""
    topics = TopicDelivery.objects.for_org(org_id).filter(connection_id=connection_id)
    real = topics.exclude(topic=_TEST_TOPIC)
    found: datetime | None = real.aggregate(at=Max("last_received_at"))["at"]
    return found


def webhook_silence(org_id: int, connection_id: int, *, now: datetime) -> Silence:
    """How webhooks do. Index: runs_newest_first."""
    last_at = last_announced_at(org_id, connection_id)
    within_day = _unannounced(org_id, connection_id, since=now - LOOKED_BACK)
    if last_at is None:
        return Silence(state="never", changes=within_day, last_at=None)
    after_last = _unannounced(org_id, connection_id, since=max(last_at, now - LOOKED_BACK))
    if after_last:
        return Silence(state="silent", changes=after_last, last_at=last_at)
    state: State = "partial" if within_day > _TOLERATED else "fine"
    return Silence(state=state, changes=within_day, last_at=last_at)


def _unannounced(org_id: int, connection_id: int, *, since: datetime) -> int:
    runs = SyncRun.objects.for_org(org_id).filter(
        connection_id=connection_id, kind=RunKind.INCREMENTAL, created_at__gt=since
    )
    return runs.aggregate(total=Sum("unannounced"))["total"] or 0
