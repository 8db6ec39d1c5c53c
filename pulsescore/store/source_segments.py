"""Who is in which segment of the source: whole lists, each replacing what was known of it.

No record carries this and no notification tells it, so it stands apart from the merging of records:
the last list that was read is what counts, and a list that says what is known writes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import statements
from pulsescore.store.models import SourceSegment, SourceSegmentMember

# Contacts are found by the identity key, one probe each (see statements._by_names). Who is known
# already is not written again, so a list that did not change leaves the table as it is.
_REPLACE_MEMBERS = """
    WITH listed AS MATERIALIZED (
        SELECT DISTINCT found.id
        FROM unnest(%(contacts)s::text[]) AS named (name)
        CROSS JOIN LATERAL (
            SELECT one.id, one.org_id FROM store_customer AS one
            WHERE one.source_id = %(source_id)s AND one.external_id = named.name LIMIT 1
        ) AS found
        WHERE found.org_id = %(org_id)s
    ), gone AS (
        DELETE FROM store_sourcesegmentmember AS member
        WHERE member.org_id = %(org_id)s AND member.segment_id = %(segment_id)s
          AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.id = member.customer_id)
        RETURNING 1
    ), joined AS (
        INSERT INTO store_sourcesegmentmember (org_id, segment_id, customer_id)
        SELECT %(org_id)s, %(segment_id)s, listed.id FROM listed
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM joined), (SELECT count(*) FROM gone)
"""


@dataclass(frozen=True, kw_only=True)
class SegmentOf:
    """Which segment of which source."""

    org_id: int
    source_id: int
    external_id: str
    name: str
    size: int | None


def replace_members(segment: SegmentOf, contacts: Iterable[str], *, now: datetime) -> int:
    """The contacts, by the source's ids, are who is in it; returns how many came or went.

    Contacts that are not stored are passed over.
    """
    with transaction.atomic():
        lock_for_transaction(f"source:{segment.source_id}")
        row = _known(segment, is_listed=True, now=now)
        params = {
            "org_id": segment.org_id,
            "source_id": segment.source_id,
            "segment_id": row.pk,
            "contacts": list(contacts),
        }
        ((joined, gone),) = statements.fetch(_REPLACE_MEMBERS, params)
        return _changed(segment.org_id, segment.source_id, int(joined) + int(gone))


def forget_members(segment: SegmentOf, *, now: datetime) -> int:
    """It is too large to list who is in it; returns how many were known to be."""
    with transaction.atomic():
        lock_for_transaction(f"source:{segment.source_id}")
        row = _known(segment, is_listed=False, now=now)
        members = SourceSegmentMember.objects.for_org(segment.org_id).filter(segment=row)
        gone, _ = members.delete()
        return _changed(segment.org_id, segment.source_id, gone)


def keep_only(org_id: int, source_id: int, names: Mapping[str, str]) -> int:
    """Drop segments that the source no longer has; returns how many memberships went."""
    with transaction.atomic():
        lock_for_transaction(f"source:{source_id}")
        rows = SourceSegment.objects.for_org(org_id).filter(source_id=source_id)
        dropped = rows.exclude(external_id__in=list(names))
        members = SourceSegmentMember.objects.for_org(org_id).filter(segment__in=dropped)
        gone, _ = members.delete()
        dropped.delete()
        return _changed(org_id, source_id, gone)


def is_known(org_id: int, source_id: int) -> bool:
    """Whether segments of the source were ever read."""
    return SourceSegment.objects.for_org(org_id).filter(source_id=source_id).exists()


def names_by_customer(org_id: int, customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of the segments that customers are in, sorted. Index: source_segment_member_once."""
    members = SourceSegmentMember.objects.for_org(org_id).filter(customer__in=list(customer_ids))
    found: dict[int, list[str]] = {}
    for customer_id, name in members.order_by("segment__name", "segment_id").values_list(
        "customer_id", "segment__name"
    ):
        found.setdefault(customer_id, []).append(name)
    return found


def _known(segment: SegmentOf, *, is_listed: bool, now: datetime) -> SourceSegment:
    row, _ = SourceSegment.objects.for_org(segment.org_id).update_or_create(
        org_id=segment.org_id,
        source_id=segment.source_id,
        external_id=segment.external_id,
        defaults={
            "name": segment.name,
            "size": segment.size,
            "is_listed": is_listed,
            "read_at": now,
        },
    )
    return row


def _changed(org_id: int, source_id: int, count: int) -> int:
    """Open pages look again where something changed."""
    if count:
        statements.run(statements.BUMP_SOURCE, {"org_id": org_id, "source_id": source_id})
    return count
