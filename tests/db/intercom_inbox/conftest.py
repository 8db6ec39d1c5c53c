"""A workspace connected by an organization, and notifications signed for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings

from pulsescore.accounts.models import Organization
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, DirectoryEntry
from pulsescore.connectors.intercom.secrets import seal_token, seal_webhook_secret
from pulsescore.store.sources import create_source
from tests.unit.intercom_inbox import payloads

NOW = datetime(2026, 1, 10, 4, 40, tzinfo=UTC)
SECRET = "own-webhook-secret"
APP_SECRET = "secret-of-the-public-app"

MakeConnection = Callable[..., Connection]


@pytest.fixture
def make_connection(db: None) -> MakeConnection:
    """Connects a workspace in a new organization."""

    def make(workspace_id: str = payloads.WORKSPACE, *, secret: str = SECRET) -> Connection:
        organization = Organization.objects.create(name="Acme")
        connection = Connection(
            org_id=organization.pk,
            source=create_source(organization.pk, "intercom"),
            workspace_id=workspace_id,
            status=ConnectionStatus.CONNECTED,
            connected_at=NOW,
        )
        connection.save(force_insert=True)
        seal_token(connection, "tok_0123456789")
        seal_webhook_secret(connection, secret, now=NOW)
        connection.save()
        for number, name in (("71", "vip"), ("72", "beta")):
            DirectoryEntry(
                org_id=organization.pk,
                connection=connection,
                kind="tag",
                external_id=number,
                name=name,
                seen_at=NOW,
            ).save(force_insert=True)
        return connection

    return make


@pytest.fixture
def connection(make_connection: MakeConnection) -> Connection:
    return make_connection()


@pytest.fixture
def app_secret(settings: LazySettings) -> str:
    """The process runs as a public app."""
    settings.CONFIG = replace(settings.CONFIG, intercom_client_secret=APP_SECRET)
    return APP_SECRET
