"""What people do to what is stored: notes on customers, and erasing a person."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Forbidden
from pulsescore.store import erase, queries
from pulsescore.store.erase import Erased
from pulsescore.store.models import Note
from pulsescore.store.note_text import clean_note


def add_note(actor: Actor, *, customer_id: int, body: str, now: datetime) -> Note:
    """Write a note on a customer; raises `NotFound`, or `Invalid` for an empty or endless one."""
    actor.require(Role.MEMBER)
    text = clean_note(body)
    with transaction.atomic():
        customer = queries.get_customer(actor.org_id, customer_id)
        note = Note(
            org_id=actor.org_id, customer=customer, author=actor.user, body=text, created_at=now
        )
        note.save(force_insert=True)
        audit.record_by(actor, "note.added", subject=f"customer:{customer_id}", now=now)
    return note


def edit_note(actor: Actor, *, note_id: int, body: str, now: datetime) -> Note:
    """Change one's own note; raises `NotFound`, `Forbidden`, or `Invalid`."""
    text = clean_note(body)
    with transaction.atomic():
        note = queries.get_note(actor.org_id, note_id)
        if actor.user is None or note.author_id != actor.user.pk:
            raise Forbidden("Only its author can change a note.")
        if note.body != text:
            note.body, note.edited_at = text, now
            note.save(update_fields=["body", "edited_at"])
            audit.record_by(actor, "note.edited", subject=f"customer:{note.customer_id}", now=now)
    return note


def delete_note(actor: Actor, *, note_id: int, now: datetime) -> None:
    """Delete one's own note, or as admin anybody's; raises `NotFound` or `Forbidden`."""
    with transaction.atomic():
        note = queries.get_note(actor.org_id, note_id)
        is_own = actor.user is not None and note.author_id == actor.user.pk
        if not is_own and not actor.allows(Role.ADMIN):
            raise Forbidden("Only its author or an admin can delete a note.")
        audit.record_by(actor, "note.deleted", subject=f"customer:{note.customer_id}", now=now)
        note.delete()


def erase_customer(actor: Actor, *, customer_id: int, now: datetime) -> Erased:
    """Erase a person from everything the store and the later stages keep; admins only.

    Returns the source and its ids of what was erased, so that the caller can erase the raw
    notifications too. Raises `NotFound`.
    """
    actor.require(Role.ADMIN)
    with transaction.atomic():
        erased = erase.erase(actor.org_id, customer_id, now=now)
        audit.record_by(actor, "customer.erased", subject=f"customer:{customer_id}", now=now)
    return erased
