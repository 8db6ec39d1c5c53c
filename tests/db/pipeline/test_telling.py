"""A connection that needs attention is told to its admins, once for each time it happens."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from pulsescore.accounts import actions, posting
from pulsescore.accounts.models import Membership, Organization, PendingLetter, Role, User
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.pipeline.telling import tell_admins, wake_letters
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


def test_letters_that_wait_wake_the_worker_once_they_are_due(
    refused: Connection, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    assert tell_admins(now=NOW) == 1
    waiting = PendingLetter.objects.get()
    jobs = ProcrastinateJob.objects.filter(task_name="send_letters")

    wake_letters(now=waiting.next_at - timedelta(seconds=1))
    assert not jobs.exists()
    wake_letters(now=waiting.next_at)
    wake_letters(now=waiting.next_at)
    assert jobs.count() == 1

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    posting.send_due(now=lambda: waiting.next_at)
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    assert tell_admins(now=waiting.next_at) == 0
