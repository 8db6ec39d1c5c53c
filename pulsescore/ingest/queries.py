"""What pages and the API show of sources: write keys, and what waits."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pulsescore.core.errors import NotFound
from pulsescore.ingest.models import ArrivedBatch, WriteKey


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Requests whose calls wait to be applied, and those that were given up."""

    waiting: int
    given_up: int


def list_write_keys(org_id: int) -> QuerySet[WriteKey]:
    """Keys that were not revoked, newest first."""
    rows = WriteKey.objects.for_org(org_id).filter(revoked_at=None)
    return rows.select_related("created_by").order_by("-created_at", "-id")


def get_write_key(org_id: int, key_id: int) -> WriteKey:
    """A key that was not revoked; raises `NotFound`."""
    key = list_write_keys(org_id).filter(pk=key_id).first()
    if key is None:
        raise NotFound("There is no such write key. It may have been revoked already.")
    return key


def count_waiting(org_id: int) -> Waiting:
    """How much of what arrived is not applied yet."""
    given_up = Q(next_attempt_at=None)
    found = ArrivedBatch.objects.for_org(org_id).aggregate(
        waiting=Count("id", filter=~given_up), given_up=Count("id", filter=given_up)
    )
    return Waiting(**found)
