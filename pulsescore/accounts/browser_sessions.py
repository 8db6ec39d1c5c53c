"""Log-ins of browsers: remembered at log-in, touched now and then, ended by their owner.

The session itself is Django's; a row here tells the owner of it, and ending one deletes both.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from pulsescore.accounts.models import BrowserSession, Membership, User
from pulsescore.core.errors import NotFound

TOUCHED_EVERY = timedelta(minutes=5)
_MAX_AGENT = 400
_MAX_ADDRESS = 45


def begin(user: User, *, session_key: str, address: str, user_agent: str, now: datetime) -> None:
    """Remember a log-in; one that is known already is brought up to date."""
    BrowserSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "address": address[:_MAX_ADDRESS],
            "user_agent": user_agent.replace("\x00", "")[:_MAX_AGENT],
            "last_seen_at": now,
        },
        create_defaults={
            "user": user,
            "address": address[:_MAX_ADDRESS],
            "user_agent": user_agent.replace("\x00", "")[:_MAX_AGENT],
            "created_at": now,
            "last_seen_at": now,
        },
    )


def note_membership(user: User, *, org_id: int, now: datetime) -> None:
    """Remember when a member was last at work in an organization."""
    Membership.objects.for_org(org_id).filter(user=user).update(last_active_at=now)


def rename(old_key: str, new_key: str) -> None:
    """Follow a session whose key was exchanged."""
    BrowserSession.objects.filter(session_key=old_key).update(session_key=new_key)


def list_sessions(user: User, *, now: datetime) -> QuerySet[BrowserSession]:
    """A person's log-ins that still work, the latest used first."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = BrowserSession.objects.filter(user=user, session_key__in=alive)
    return rows.order_by("-last_seen_at", "-id")


@transaction.atomic
def end(user: User, *, session_id: int) -> None:
    """End one log-in of this person. Raises `NotFound`."""
    row = BrowserSession.objects.filter(user=user, id=session_id).first()
    if row is None:
        raise NotFound("There is no such log-in. It may have ended already.")
    _delete([row.session_key])


@transaction.atomic
def end_all(user: User, *, keep: str | None = None) -> int:
    """End every log-in of this person but the one with the key `keep`; returns how many."""
    rows = BrowserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(rows.values_list("session_key", flat=True))
    _delete(keys)
    return len(keys)


def forget(session_key: str) -> None:
    """A browser logged out."""
    BrowserSession.objects.filter(session_key=session_key).delete()


def prune(*, now: datetime) -> int:
    """Delete what ended by itself; returns how many rows went."""
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ended = BrowserSession.objects.filter(last_seen_at__lt=oldest).delete()[0]
    return ended + Session.objects.filter(expire_date__lt=now).delete()[0]


def _delete(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    BrowserSession.objects.filter(session_key__in=keys).delete()
