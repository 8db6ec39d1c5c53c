"""What people do to many customers at once: a note on each, their addresses, a file of them.

Each is one action with one line in the audit log, bounded by `MOST`, written in batches.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.store import customer_facts
from pulsescore.store.models import Customer, Note
from pulsescore.store.note_text import clean_note

MOST = 10_000
BATCH = 1_000


def add_note_to_all(actor: Actor, *, customer_ids: Sequence[int], body: str, now: datetime) -> int:
    """Write the same note on each customer; returns on how many.

    Ids of others are passed over. Raises `Invalid` for an empty or endless note, and for more than
    `MOST` customers.
    """
    actor.require(Role.MEMBER)
    refuse_too_many(customer_ids)
    text = clean_note(body)
    with transaction.atomic():
        known = customer_facts.known_ids(actor.org_id, customer_ids)
        for start in range(0, len(known), BATCH):
            Note.objects.for_org(actor.org_id).bulk_create(
                Note(
                    org_id=actor.org_id,
                    customer_id=one,
                    author=actor.user,
                    body=text,
                    created_at=now,
                )
                for one in known[start : start + BATCH]
            )
        _record(actor, "note.added_to_many", {"customers": len(known)}, now=now)
    return len(known)


def copy_addresses(actor: Actor, *, customer_ids: Sequence[int], now: datetime) -> list[str]:
    """The e-mail addresses of these customers, each once, in order; audited as an export."""
    actor.require(Role.MEMBER)
    refuse_too_many(customer_ids)
    rows = Customer.objects.for_org(actor.org_id).filter(pk__in=customer_ids, deleted_at=None)
    told = rows.exclude(email=None).order_by("pk").values_list("email", flat=True)
    found = list(dict.fromkeys(address for address in told if address))
    _record(actor, "customers.addresses_copied", {"addresses": len(found)}, now=now)
    return found


def record_export(actor: Actor, *, details: dict[str, Any], now: datetime) -> None:
    """Write down that an actor took a file of customers, and of which."""
    actor.require(Role.MEMBER)
    _record(actor, "customers.exported", details, now=now)


def refuse_too_many(customer_ids: Sequence[int]) -> None:
    """Raise `Invalid` where there are more customers than one action takes."""
    if len(customer_ids) > MOST:
        words = f"This can be done to at most {MOST:,} customers at once. Narrow the list first."
        raise Invalid(FieldFault("customers", words))


def _record(actor: Actor, action: str, details: dict[str, Any], *, now: datetime) -> None:
    audit.record_by(actor, action, subject="customers", details=details, now=now)
