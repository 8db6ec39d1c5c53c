"""A connection that needs attention is told to its admins, once for each time it happens."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from pulsescore.accounts import actions
from pulsescore.accounts.models import Membership, Organization, Role, User
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.pipeline.telling import tell_admins
from pulsescore.store.sources import create_source

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REASON = "Intercom no longer accepts the access token."


@pytest.fixture
def organization() -> Organization:
    """Owned by Alice; Bob is a plain member."""
    _, organization = actions.register(
        org_name="Acme",
        first_name="Alice",
        last_name="Owner",
        email="alice@example.com",
        password="correct horse battery",
        now=NOW,
    )
    bob = User.objects.create_user(email="bob@example.com", password=None)
    Membership(org=organization, user=bob, role=Role.MEMBER).save(force_insert=True)
    mail.outbox.clear()
    return organization


@pytest.fixture
def refused(organization: Organization) -> Connection:
    connection = Connection(
        org_id=organization.pk,
        source=create_source(organization.pk, "intercom"),
        workspace_id="ab12",
        workspace_name="Acme <Support>",
        status=ConnectionStatus.NEEDS_ATTENTION,
        last_error=REASON,
        attention_since=NOW,
        connected_at=NOW,
    )
    connection.save(force_insert=True)
    return connection


def test_admins_are_told_why_and_where_to_mend_it_and_members_are_not(refused: Connection) -> None:
    assert tell_admins(now=NOW) == 1
    (message,) = mail.outbox
    assert message.to == ["alice@example.com"]
    assert message.subject == "Intercom needs attention: Acme <Support>"
    assert REASON in message.body
    assert f"/settings/integrations/intercom/{refused.pk}" in message.body
    html = message.alternatives[0].content
    assert "Acme &lt;Support&gt;" in html


def test_they_are_told_once(refused: Connection) -> None:
    tell_admins(now=NOW)
    assert tell_admins(now=NOW + timedelta(minutes=1)) == 0
    assert len(mail.outbox) == 1


def test_a_new_refusal_is_told_again(refused: Connection) -> None:
    tell_admins(now=NOW)
    refused.refresh_from_db(from_queryset=Connection.objects.for_org(refused.org_id))
    refused.attention_since = NOW + timedelta(days=1)
    refused.save()
    assert tell_admins(now=NOW + timedelta(days=1, minutes=1)) == 1


def test_a_healthy_connection_is_not_mentioned(refused: Connection) -> None:
    refused.status = ConnectionStatus.CONNECTED
    refused.save()
    assert tell_admins(now=NOW) == 0
    assert mail.outbox == []
