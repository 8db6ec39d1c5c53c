"""What waits for everybody to be looked at: new rules, a new day, segments to be emptied."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from pulsescore.segments.comparing import MEMBERSHIPS
from pulsescore.segments.fields import KINDS, Kind
from pulsescore.segments.membership import lock_segments
from pulsescore.segments.models import CompanyMembership, Member, Segment, Sweep

_EMPTY: Final = """
    DELETE FROM {table} WHERE org_id = %(org_id)s AND ctid = ANY(ARRAY(
        SELECT m.ctid FROM {table} AS m JOIN segments_segment AS s ON s.id = m.segment_id
        WHERE s.org_id = %(org_id)s AND m.org_id = %(org_id)s AND s.deleted_at IS NOT NULL
        LIMIT %(limit)s
    ))
    RETURNING {column}
"""
_RECOUNT: Final = """
    UPDATE segments_segment AS s SET size = counted.number
    FROM (
        SELECT one.id, CASE one.kind
            WHEN 'customer'
            THEN (SELECT count(*) FROM segments_member AS m WHERE m.segment_id = one.id)
            ELSE (SELECT count(*) FROM segments_companymembership AS m WHERE m.segment_id = one.id)
        END AS number
        FROM segments_segment AS one WHERE one.org_id = %(org_id)s AND one.deleted_at IS NULL
    ) AS counted
    WHERE s.org_id = %(org_id)s AND s.id = counted.id AND s.size <> counted.number
"""


class Pass(NamedTuple):
    """One look at everybody: which segments of each kind, at which revision; for which sweeps."""

    revisions: dict[int, int]
    kinds: dict[Kind, list[int]]
    sweeps: list[int]


def request_sweep(org_id: int, *, now: datetime) -> None:
    """Have everybody looked at again by all rules; commits with what makes it necessary."""
    Sweep(org_id=org_id, requested_at=now).save(force_insert=True)


def next_pass(org_id: int) -> Pass | None:
    """What is to be looked at, or None if nothing waits."""
    sweeps = list(Sweep.objects.for_org(org_id).order_by("id").values_list("id", flat=True))
    rows = Segment.objects.for_org(org_id).filter(deleted_at=None)
    if not sweeps:
        rows = rows.filter(filled_revision__lt=F("revision"))
    chosen = list(rows.order_by("id").values_list("id", "kind", "revision"))
    if not sweeps and not chosen:
        return None
    kinds: dict[Kind, list[int]] = {
        kind: [pk for pk, its_kind, _revision in chosen if its_kind == kind] for kind in KINDS
    }
    return Pass({pk: revision for pk, _kind, revision in chosen}, kinds, sweeps)


@transaction.atomic
def end_pass(org_id: int, done: Pass) -> None:
    """Everybody was looked at; a rule that changed meanwhile keeps waiting."""
    lock_segments(org_id)
    for pk, revision in done.revisions.items():
        rows = Segment.objects.for_org(org_id).filter(pk=pk, filled_revision__lt=revision)
        rows.update(filled_revision=revision)
    Sweep.objects.for_org(org_id).filter(pk__in=done.sweeps).delete()
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"org_id": org_id})


def empty_deleted(org_id: int, kind: Kind, *, limit: int) -> Sequence[int]:
    """Take members out of deleted segments; returns them, with repetitions. Empty: none is left."""
    table, column = MEMBERSHIPS[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            _EMPTY.format(table=table, column=column), {"org_id": org_id, "limit": limit}
        )
        return [member for (member,) in cursor.fetchall()]


def orgs_waiting() -> list[int]:
    """The organizations in which a look at everybody, or the emptying of a segment, waits."""
    why = "the worker looks after every organization"
    unfilled = Q(deleted_at=None, filled_revision__lt=F("revision"))
    people = Member.objects.across_orgs(why).filter(segment=OuterRef("pk"))
    firms = CompanyMembership.objects.across_orgs(why).filter(segment=OuterRef("pk"))
    left = Q(Exists(people)) | Q(Exists(firms))
    segments = Segment.objects.across_orgs(why).filter(org__deleted_at=None)
    waiting = segments.filter(unfilled | (Q(deleted_at__isnull=False) & left))
    sweeps = Sweep.objects.across_orgs(why).filter(org__deleted_at=None)
    return sorted(
        {*sweeps.values_list("org_id", flat=True), *waiting.values_list("org_id", flat=True)}
    )
