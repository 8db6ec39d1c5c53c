"""Alice owns Acme, Bob is a member, Charlie a stranger; Acme knows Dora, Emil and their company."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from pulsescore.accounts import tokens
from pulsescore.accounts.models import User
from pulsescore.connectors.intercom.models import (
    Connection,
    DirectoryEntry,
    InboxNotification,
    LogEntry,
    SyncRun,
)
from pulsescore.connectors.intercom.outbound.models import (
    DryRun,
    OutboundSettings,
    SendRun,
    WriteRecord,
)
from pulsescore.core.clock import utcnow
from pulsescore.scoring.actions import rescore
from pulsescore.store import write
from pulsescore.store.models import Company, Conversation, Customer, Source
from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    EventRecord,
)
from pulsescore.store.sources import create_source
from tests.db.people import make_people

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OPENED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Answer:
    """What the API said."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Api:
    """Calls the API as somebody, or as nobody."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: Any
    ) -> Answer:
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self.client.generic(
            method,
            f"/api/v1{path}",
            data,
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        content = response.content.decode()
        told = json.loads(content) if "json" in response["Content-Type"] and content else None
        return Answer(response.status_code, told, dict(response.headers))

    def get(self, path: str, **headers: Any) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Answer:
        return self.call("POST", path, body, **headers)


@dataclass
class World:
    """The people, their organizations, and what Acme has stored."""

    users: dict[str, User]
    org_id: int
    other_org_id: int
    source: Source
    connection: Connection
    ids: dict[str, int]

    def api(self, name: str) -> Api:
        user = self.users[name]
        org_id = self.other_org_id if name == "charlie" else self.org_id
        pair = tokens.issue(
            user=user, org_id=org_id, secret_key=settings.CONFIG.secret_key, now=utcnow()
        )
        return Api(pair.access_token)


def make_world() -> World:
    """All of it, made now."""
    now = utcnow()
    people = make_people(now=LONG_AGO)
    org_id = people.org_id
    source = create_source(org_id, "intercom")
    connection = connect(org_id, source, now=now)
    write.apply(org_id=org_id, source_id=source.pk, records=records(now), now=now)
    rescore(org_id=org_id, customer_ids=None, now=now)
    return World(
        users={"alice": people.alice, "bob": people.bob, "charlie": people.charlie},
        org_id=org_id,
        other_org_id=people.other_org_id,
        source=source,
        connection=connection,
        ids=stored_ids(org_id, connection, now=now),
    )


def connect(org_id: int, source: Source, *, now: datetime) -> Connection:
    connection = Connection(
        org_id=org_id,
        source=source,
        workspace_id="wk1",
        workspace_name="Acme support",
        status="connected",
        token_last4="cdef",
        connected_at=now,
    )
    connection.save()
    DirectoryEntry(
        org_id=org_id,
        connection=connection,
        kind="admin",
        external_id="7",
        name="Ina",
        email="ina@example.com",
        seen_at=now,
    ).save()
    return connection


def records(now: datetime) -> list[Any]:
    told = {"observed_at": now, "authoritative": True}
    return [
        CompanyRecord(external_id="co1", version=OPENED, name="Initech", **told),
        CustomerRecord(
            external_id="c1",
            version=OPENED,
            contact_role="user",
            email="dora@example.com",
            name="Dora",
            tags=["vip"],
            metadata={"plan": "gold"},
            first_seen_at=OPENED,
            last_seen_at=now - timedelta(days=1),
            companies=["co1"],
            **told,
        ),
        CustomerRecord(
            external_id="c2",
            version=OPENED,
            contact_role="lead",
            email="emil@example.com",
            name="Emil",
            **told,
        ),
        ConversationRecord(
            external_id="v1",
            version=now - timedelta(days=2),
            status="open",
            subject="It broke",
            opened_at=OPENED,
            contacts=["c1"],
            assignee_external_id="7",
            tags=["bug"],
            reopens=1,
            assignments=2,
            **told,
        ),
        EventRecord(
            dedupe_key="e1",
            name="Added Tag",
            source="intercom",
            occurred_at=OPENED,
            contacts=["c1"],
            properties={"tag": "vip"},
        ),
    ]


def stored_ids(org_id: int, connection: Connection, *, now: datetime) -> dict[str, int]:
    """What paths are made of: each thing's id, by what it is."""
    customers = Customer.objects.for_org(org_id)
    dora = customers.get(external_id="c1")
    return {
        "dora": dora.pk,
        "emil": customers.get(external_id="c2").pk,
        "company": Company.objects.for_org(org_id).get().pk,
        "conversation": Conversation.objects.for_org(org_id).get().pk,
        "connection": connection.pk,
        **received(connection, now=now),
        **sent(connection, dora, now=now),
    }


def received(connection: Connection, *, now: datetime) -> dict[str, int]:
    """An import that is done, with a line in the log, and a notification that nobody can read."""
    owner = {"org_id": connection.org_id, "connection": connection}
    run = SyncRun(**owner, kind="full", status="succeeded", created_at=now, finished_at=now)
    run.save()
    LogEntry(**owner, at=now, kind="run", message="Done").save()
    delivery = InboxNotification(
        **owner,
        notification_id="n1",
        topic="contact.created",
        body=b"{}",
        received_at=now,
        state="dead",
        attempts=9,
        error="Unreadable",
        next_attempt_at=now,
    )
    delivery.save()
    return {"run": run.pk, "delivery": delivery.pk}


def sent(connection: Connection, customer: Customer, *, now: datetime) -> dict[str, int]:
    """A write of one customer, a run that was asked for, and a dry run."""
    owner = {"org_id": connection.org_id, "connection": connection}
    OutboundSettings(**owner).save()
    write = WriteRecord(
        **owner,
        customer=customer,
        at=now,
        kind="contact.update",
        before={"name": "Dora"},
        after={"name": "Dora D."},
    )
    send = SendRun(**owner, scope="users", asked_via="session", asked_at=now)
    dry_run = DryRun(**owner, asked_at=now)
    for row in (write, send, dry_run):
        row.save()
    return {"write": write.pk, "send": send.pk, "dry_run": dry_run.pk}
