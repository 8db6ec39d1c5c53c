"""The tags that mirror segments: which there are to be, and which there are. Database only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.connectors.intercom.outbound import membership
from pulsescore.connectors.intercom.outbound.models import (
    AppliedTag,
    OutboundSettings,
    SegmentTag,
)

_TAG = "tag"


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """A segment and its tag: `name` is the segment's, `shown` the tag's name in Intercom now.

    `row` is missing before the first sending; `name` once the segment is not sent any more.
    """

    segment_id: int
    name: str | None
    row: SegmentTag | None
    shown: str

    @property
    def needs_work(self) -> bool:
        """Whether the tag itself must be made, renamed or ended before contacts are written."""
        if self.row is None:
            return self.name is not None
        if self.row.tag_id is None:
            # Intended, and perhaps made by a process that died over the answer.
            return self.name is not None or self.row.is_ours
        if self.name is None:
            return self.row.ended_at is None
        if self.row.is_ours:
            return self.name != self.shown
        return self.name.casefold() != self.shown.casefold()


def mirrored_tags(connection: Connection, settings: OutboundSettings) -> list[Mirrored]:
    """Tags there are to be, and tags that are still there although they are not to be.

    A segment that its own tag would empty and fill for ever has none.
    """
    chosen = {*settings.user_segments, *settings.lead_segments} if settings.tag_segments else set()
    names = membership.names_of(connection.org_id, chosen - _circling(connection, chosen))
    rows = list(SegmentTag.objects.for_org(connection.org_id).filter(connection=connection))
    shown = _names_shown(connection, rows)
    live = {row.segment_id: row for row in rows if row.ended_at is None}
    current = [
        Mirrored(
            segment_id=segment_id,
            name=name,
            row=live.get(segment_id),
            shown=shown.get(live[segment_id].pk, name) if segment_id in live else name,
        )
        for segment_id, name in sorted(names.items())
    ]
    kept = {one.row.pk for one in current if one.row is not None}
    surplus = [
        Mirrored(segment_id=row.segment_id, name=None, row=row, shown=shown[row.pk])
        for row in rows
        if row.pk not in kept
    ]
    return current + surplus


def _circling(connection: Connection, chosen: Iterable[int]) -> frozenset[int]:
    return membership.circles_among(connection.org_id, chosen)


def mirrored_names(connection: Connection) -> frozenset[str]:
    """Names, as Intercom shows them, of all tags that mirror segments: they tell us no news."""
    rows = list(SegmentTag.objects.for_org(connection.org_id).filter(connection=connection))
    return frozenset(_names_shown(connection, rows).values()) if rows else frozenset()


def applied_tags(org_id: int, customer_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Of each customer, the mirrored tags (by row) that we put on."""
    found: dict[int, set[int]] = {}
    rows = AppliedTag.objects.for_org(org_id).filter(customer_id__in=list(customer_ids))
    for customer_id, row_id in rows.values_list("customer_id", "tag_id"):
        found.setdefault(customer_id, set()).add(row_id)
    return {one: frozenset(rows) for one, rows in found.items()}


def remember_name(connection: Connection, *, tag_id: str, name: str, now: datetime) -> None:
    """Write down in the directory what a tag is called, as syncing would."""
    DirectoryEntry.objects.for_org(connection.org_id).update_or_create(
        connection=connection,
        kind=_TAG,
        external_id=tag_id,
        defaults={"name": name, "seen_at": now},
        create_defaults={"name": name, "seen_at": now, "org_id": connection.org_id},
    )


def _names_shown(connection: Connection, rows: Iterable[SegmentTag]) -> dict[int, str]:
    """A tag that somebody renamed in Intercom is known to the directory by its new name."""
    ids = {row.tag_id: row for row in rows if row.tag_id is not None}
    entries = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection, kind=_TAG, external_id__in=list(ids)
    )
    known = dict(entries.values_list("external_id", "name"))
    return {row.pk: known.get(row.tag_id or "") or row.name for row in rows}
