"""Making, changing and deleting segments; for admins. Who is in them follows in the background."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import choice_faults, raise_if_any, text_faults
from pulsescore.accounts.models import Role
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.core.locks import lock_for_transaction
from pulsescore.segments.fields import KINDS, Kind
from pulsescore.segments.models import Segment
from pulsescore.segments.queries import get_segment
from pulsescore.segments.rules import is_time_dependent, parse_rule, rule_json

MAX_SEGMENTS: Final = 200
MAX_NAME: Final = 120


@transaction.atomic
def create_segment(
    actor: Actor, *, kind: Kind = "customer", name: str, rule: Any, now: datetime
) -> Segment:
    """Make a segment; it fills in the background. Raises `Invalid` field by field."""
    actor.require(Role.ADMIN)
    faults = choice_faults("kind", kind, KINDS)
    raise_if_any(faults)
    _lock(actor.org_id)
    faults = _name_faults(actor.org_id, kind, name)
    if Segment.objects.for_org(actor.org_id).filter(deleted_at=None).count() >= MAX_SEGMENTS:
        faults.append(FieldFault("name", f"An organization has at most {MAX_SEGMENTS} segments."))
    parsed = _parsed(rule, kind, faults)
    segment = Segment(
        org_id=actor.org_id,
        kind=kind,
        name=name.strip(),
        rule=parsed[0],
        is_time_dependent=parsed[1],
        created_by=actor.user,
        created_at=now,
        updated_at=now,
    )
    segment.save(force_insert=True)
    _record(actor, "segment.created", segment, now=now)
    return segment


@transaction.atomic
def update_segment(
    actor: Actor, segment_id: int, *, name: str | None = None, rule: Any = None, now: datetime
) -> Segment:
    """Rename a segment, or give it another rule; who is in it then follows in the background.

    Raises `NotFound`, and `Invalid` field by field.
    """
    actor.require(Role.ADMIN)
    _lock(actor.org_id)
    segment = get_segment(actor.org_id, segment_id)
    kind: Kind = "company" if segment.kind == "company" else "customer"
    faults: list[FieldFault] = []
    if name is not None:
        faults = _name_faults(actor.org_id, kind, name, besides=segment_id)
    if rule is not None:
        kept, timed = _parsed(rule, kind, faults)
        if kept != segment.rule:
            segment.rule, segment.is_time_dependent = kept, timed
            segment.revision += 1
    raise_if_any(faults)
    if name is not None:
        segment.name = name.strip()
    segment.updated_at = now
    segment.save()
    _record(actor, "segment.changed", segment, now=now)
    return segment


@transaction.atomic
def delete_segment(actor: Actor, segment_id: int, *, now: datetime) -> Segment:
    """Delete a segment; it is emptied in the background. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    _lock(actor.org_id)
    segment = get_segment(actor.org_id, segment_id)
    segment.deleted_at = segment.updated_at = now
    segment.save(update_fields=["deleted_at", "updated_at"])
    _record(actor, "segment.deleted", segment, now=now)
    return segment


def _lock(org_id: int) -> None:
    """Whoever refreshes memberships reads the segments under this lock."""
    lock_for_transaction(f"segments:{org_id}")


def _name_faults(
    org_id: int, kind: str, name: str, *, besides: int | None = None
) -> list[FieldFault]:
    faults = text_faults("name", name, max_length=MAX_NAME)
    taken = Segment.objects.for_org(org_id).filter(
        kind=kind, deleted_at=None, name__iexact=name.strip()
    )
    if besides is not None:
        taken = taken.exclude(pk=besides)
    if not faults and taken.exists():
        faults.append(FieldFault("name", "There is a segment of this name already."))
    return faults


def _parsed(rule: Any, kind: Kind, faults: list[FieldFault]) -> tuple[dict[str, Any], bool]:
    """The rule as it is stored, and whether time alone moves it; raises with all faults at once."""
    try:
        parsed = parse_rule(rule, kind=kind)
    except Invalid as refusal:
        raise Invalid(*faults, *refusal.faults) from refusal
    raise_if_any(faults)
    return rule_json(parsed), is_time_dependent(parsed)


def _record(actor: Actor, deed: str, segment: Segment, *, now: datetime) -> None:
    details = {"name": segment.name, "kind": segment.kind, "rule": segment.rule}
    audit.record_by(actor, deed, subject=f"segment:{segment.pk}", details=details, now=now)
