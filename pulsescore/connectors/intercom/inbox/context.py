"""Loads what understanding a batch needs: the connection under its lock, names, known people."""

from collections.abc import Iterable

from pulsescore.connectors.intercom.inbox.workspace import Person, Workspace
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, DirectoryEntry
from pulsescore.connectors.intercom.outbound.mirroring import mirrored_names
from pulsescore.core import locks
from pulsescore.store.models import Customer


def lock_connection(connection_id: int) -> Connection | None:
    """The connection, its inbox locked until the transaction ends; nothing if disconnected.

    Waiting for the lock, rather than leaving when it is taken, makes sure that what arrived after
    the holder's last look is seen.
    """
    locks.lock_for_transaction(f"intercom.inbox:{connection_id}")
    return (
        Connection.objects.across_orgs("a worker is told the connection, not its organization")
        .filter(pk=connection_id)
        .exclude(status=ConnectionStatus.DISCONNECTED)
        .first()
    )


def load_workspace(connection: Connection, *, own_user_ids: Iterable[str] = ()) -> Workspace:
    """Names behind ids, from the directory that syncing keeps, and contacts behind user ids."""
    names: dict[str, dict[str, Person]] = {"admin": {}, "team": {}, "tag": {}}
    entries = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection, kind__in=tuple(names)
    )
    for kind, external_id, name, email in entries.values_list(
        "kind", "external_id", "name", "email"
    ):
        names[kind][external_id] = Person(name=name or None, email=email or None)
    return Workspace(
        workspace_id=connection.workspace_id,
        region=connection.region,
        admins=names["admin"],
        teams=names["team"],
        tags={number: tag.name for number, tag in names["tag"].items() if tag.name},
        people=_people(connection, set(own_user_ids)),
        mirrored_tags=mirrored_names(connection),
    )


def _people(connection: Connection, own_user_ids: set[str]) -> dict[str, str]:
    if not own_user_ids:
        return {}
    known = Customer.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id,
        external_user_id__in=own_user_ids,
        merged_into__isnull=True,
    )
    pairs = known.values_list("external_user_id", "external_id")
    return {own: external_id for own, external_id in pairs if own}
