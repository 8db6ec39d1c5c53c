"""The list of what is worth doing in the first days, ticked by facts, put away for good."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from pulsescore.accounts import queries as accounts
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries as intercom
from pulsescore.connectors.intercom.inbox.silence import last_announced_at
from pulsescore.connectors.intercom.models import Connection
from pulsescore.scoring.queries import get_config
from pulsescore.web.models import Dismissal

HINT: Final = "getting_started"


@dataclass(frozen=True)
class Task:
    """One thing to do: why, where, and whether it is done."""

    title: str
    why: str
    href: str
    done: bool


def tasks_for(actor: Actor, *, now: datetime) -> list[Task]:
    """The tasks, or none where the actor cannot do them or has put the list away."""
    if not actor.allows(Role.ADMIN) or is_dismissed(actor):
        return []
    return list_tasks(actor.org_id, now=now)


def list_tasks(org_id: int, *, now: datetime) -> list[Task]:
    """The tasks as they stand; empty before a workspace is connected."""
    connections = intercom.list_connections(org_id)
    if not connections:
        return []
    return [
        _imported(connections),
        _webhooks(org_id, connections[0]),
        _team(org_id, now=now),
        _scoring(org_id),
    ]


def is_dismissed(actor: Actor) -> bool:
    """Whether this person put the list away in this organization."""
    return Dismissal.objects.for_org(actor.org_id).filter(user=actor.user, hint=HINT).exists()


def dismiss(actor: Actor, *, now: datetime) -> None:
    """Put the list away, for this person in this organization."""
    person = actor.require_person()
    row = Dismissal(org_id=actor.org_id, user=person, hint=HINT, at=now)
    Dismissal.objects.for_org(actor.org_id).bulk_create([row], ignore_conflicts=True)


def _imported(connections: list[Connection]) -> Task:
    return Task(
        "Connect Intercom and import",
        "Contacts, companies and recent conversations.",
        reverse("intercom_runs", args=[connections[0].pk]),
        done=any(one.last_sync_at for one in connections),
    )


def _webhooks(org_id: int, connection: Connection) -> Task:
    return Task(
        "Set up webhooks",
        "A reopened ticket then moves a score within seconds instead of minutes.",
        reverse("intercom_webhooks", args=[connection.pk]),
        done=last_announced_at(org_id, connection.pk) is not None,
    )


def _team(org_id: int, *, now: datetime) -> Task:
    members = accounts.list_members(org_id).count()
    return Task(
        "Invite your team",
        "Whoever talks to customers should see who needs them.",
        reverse("team"),
        done=members > 1 or accounts.list_invitations(org_id, now=now).exists(),
    )


def _scoring(org_id: int) -> Task:
    _config, version = get_config(org_id)
    return Task(
        "Adjust scoring",
        "What counts how much differs from company to company; a preview shows the effect.",
        reverse("settings_scoring"),
        done=version > 1,
    )
