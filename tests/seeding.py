"""An organization as it looks after some weeks: customers of all levels, runs, webhooks, log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import connection as database

from pulsescore.accounts import actions as accounts
from pulsescore.accounts.models import Organization, User
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.models import (
    Connection,
    DirectoryEntry,
    InboxNotification,
    SyncRun,
    TopicDelivery,
)
from pulsescore.scoring import actions as scoring
from pulsescore.scoring.history import reconstruct_history
from pulsescore.store import write
from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    EventRecord,
    Malformed,
    Record,
)
from pulsescore.store.sources import create_source

PASSWORD = "correct horse battery"
FIRST = (
    "Mia",
    "Noah",
    "Ada",
    "Liam",
    "Zoe",
    "Ivan",
    "Aïcha",
    "Kenji",
    "Olga",
    "Tom",
    "Ruth",
    "Émile",
)
LAST = ("Chen", "Okafor", "Silva", "Novak", "Haddad", "Berg", "Moreau", "Tanaka", "Petrov", "Walsh")
FIRMS = ("Globex", "Initech", "Hooli", "Umbrella", "Stark Industries", "Wayne Enterprises")
SUBJECTS = (
    "Export fails for large accounts",
    "How do I add a team mate?",
    "Invoice shows the wrong address",
    "Webhook deliveries stopped",
    "Cannot log in after the update",
    "Feature request: dark mode",
    "API returns 500 on upload",
)
TAGS = ("vip", "enterprise", "trial", "beta", "churn risk")


@dataclass(frozen=True)
class Seeded:
    """What was made."""

    user: User
    organization: Organization
    connection: Connection


def register(email: str, *, name: str = "Acme", now: datetime) -> tuple[User, Organization]:
    """A person with an organization of their own, whose address is verified."""
    return accounts.register(
        org_name=name,
        first_name="Ada",
        last_name="Lovelace",
        email=email,
        password=PASSWORD,
        verified=True,
        now=now,
    )


def connect(org_id: int, *, now: datetime, workspace: str = "ab12cd34") -> Connection:
    """A connected workspace, without asking Intercom."""
    connection = Connection(
        org_id=org_id,
        source=create_source(org_id, "intercom"),
        workspace_id=workspace,
        workspace_name="Acme Support",
        region="eu",
        status="connected",
        token_last4="x9Qz",
        connected_at=now - timedelta(days=40),
        last_sync_at=now - timedelta(minutes=3),
        synced_through=now - timedelta(minutes=3),
        last_webhook_at=now - timedelta(minutes=1),
        permissions={"contacts": True, "conversations": True, "companies": True, "tags": True},
    )
    connection.save(force_insert=True)
    return connection


def seed(
    email: str, *, customers: int, now: datetime, name: str = "Acme", days: int = 90
) -> Seeded:
    """A person, an organization, a connection and scored customers with `days` of history."""
    user, organization = register(email, name=name, now=now - timedelta(days=40))
    connection = connect(organization.pk, now=now)
    write.apply(
        org_id=organization.pk,
        source_id=connection.source_id,
        records=make_records(customers, now=now),
        now=now,
    )
    if days:
        reconstruct_history(org_id=organization.pk, now=now, days=days)
    scoring.rescore_everybody(org_id=organization.pk, reason="sync", now=now)
    _surroundings(connection, now=now)
    return Seeded(user, organization, connection)


def make_records(customers: int, *, now: datetime) -> list[Record]:
    """People of six companies with conversations that make all levels appear."""
    random = Random(7)
    records: list[Record] = [
        CompanyRecord(
            external_id=f"company-{place}",
            version=now,
            observed_at=now,
            name=firm,
            plan=random.choice(("Starter", "Team", "Business")),
            monthly_spend=Decimal(1_900 - 350 * place) if place % 4 else None,
            size=40 * (place + 1),
            website=f"https://{firm.split()[0].lower()}.example",
            remote_created_at=now - timedelta(days=400 + 30 * place),
            tags=[("vip", "partner")[place % 2]] if place % 3 else [],
            metadata={"region": ("EMEA", "Americas")[place % 2], "renews_on": "2027-01-31"},
            industry=random.choice(("Software", "Retail", "Energy")),
            last_request_at=now - timedelta(hours=random.randrange(200)),
        )
        for place, firm in enumerate(FIRMS)
    ]
    for number in range(customers):
        records += _person(number, random, now)
    records.append(
        CustomerRecord(
            external_id="contact-no-email", version=now, observed_at=now, contact_role="lead"
        )
    )
    records.append(
        Malformed(
            kind="customer", external_id="contact-odd", detail="created_at: text", observed_at=now
        )
    )
    return records


def _person(number: int, random: Random, now: datetime) -> list[Record]:
    trouble = random.random() ** 2
    name = f"{random.choice(FIRST)} {random.choice(LAST)}"
    person = CustomerRecord(
        external_id=f"contact-{number}",
        version=now,
        observed_at=now,
        contact_role="lead" if number % 9 == 0 else "user",
        email=f"{name.split(maxsplit=1)[0].lower()}.{number}@example.com",
        name=name,
        country="Germany",
        city="Berlin",
        browser="chrome",
        first_seen_at=now - timedelta(days=200 + number),
        last_seen_at=now - timedelta(days=trouble * 35, hours=random.randrange(20)),
        last_replied_at=now - timedelta(days=trouble * 30),
        tags=random.sample(TAGS, k=random.randrange(3)),
        metadata={"plan": "Team", "seats": random.randrange(2, 90), "renewal": "2026-06-01"},
        attributes={
            "intercom/os": "macOS 15",
            "intercom/browser_language": "en",
            "intercom/last_email_opened_at": (now - timedelta(days=3)).isoformat(),
            "intercom/unsubscribed_from_emails": False,
            "intercom/referrer": "https://example.com/pricing?plan=team",
        },
        companies=[f"company-{random.randrange(len(FIRMS))}"],
    )
    talks: list[Record] = []
    for turn in range(0 if number % 11 == 10 else 1 + int(trouble * 6)):
        talks += _talk(f"contact-{number}", f"talk-{number}-{turn}", trouble, random, now)
    return [person, *talks]


def _talk(contact: str, talk: str, trouble: float, random: Random, now: datetime) -> list[Record]:
    opened = now - timedelta(days=1 + random.random() * 45)
    is_open = random.random() < 0.2 + trouble * 0.6
    took = timedelta(hours=1 + trouble * 90 * random.random())
    updated = min(now, opened + took)
    waiting = is_open and random.random() < 0.6
    return [
        ConversationRecord(
            external_id=talk,
            version=updated,
            observed_at=now,
            status="open" if is_open else "closed",
            subject=random.choice(SUBJECTS),
            opened_at=opened,
            closed_at=None if is_open else updated,
            waiting_since=updated if waiting else None,
            last_admin_reply_at=opened + timedelta(minutes=30),
            time_to_first_response_secs=random.randrange(60, 9000),
            time_to_resolution_secs=None if is_open else int(took.total_seconds()),
            reopens=random.randrange(3) if trouble > 0.4 else 0,
            assignee_external_id="admin-1" if random.random() < 0.7 else None,
            rating=None if is_open else random.choice((None, 3, 4, 5)),
            contacts=[contact],
        ),
        EventRecord(
            dedupe_key=f"opened:{talk}",
            name="User started conversation",
            source="intercom",
            occurred_at=opened,
            conversation=talk,
            properties={"message": "Hello, could somebody have a look at this?"},
        ),
    ]


def _surroundings(connection: Connection, *, now: datetime) -> None:
    org_id = connection.org_id
    for kind, external_id, name in (
        ("admin", "admin-1", "Tom Walsh"),
        *(("tag", tag, tag) for tag in TAGS),
    ):
        DirectoryEntry(
            org_id=org_id,
            connection=connection,
            kind=kind,
            external_id=external_id,
            name=name,
            seen_at=now,
        ).save(force_insert=True)
    add_run(connection, status="succeeded", now=now)
    connection_log.write(connection, connection_log.SETTING, "Connected", now=now)
    connection_log.write(connection, connection_log.RUN, "Full import succeeded", now=now)
    for place, topic in enumerate(("conversation.user.replied", "contact.user.updated", "ping")):
        InboxNotification(
            org_id=org_id,
            connection=connection,
            notification_id=f"notif-{place}",
            topic=topic,
            body=b"{}",
            received_at=now - timedelta(minutes=place),
            next_attempt_at=now,
            state="done",
        ).save(force_insert=True)
        TopicDelivery(
            org_id=org_id,
            connection=connection,
            topic=topic,
            deliveries=40 // (place + 1),
            last_received_at=now - timedelta(minutes=place),
        ).save(force_insert=True)


def add_run(connection: Connection, *, status: str, now: datetime, error: str = "") -> SyncRun:
    """A full import in one of its states."""
    active = status in {"queued", "running"}
    run = SyncRun(
        org_id=connection.org_id,
        connection=connection,
        kind="full",
        status=status,
        trigger="connect",
        phase="contacts",
        done=12_400,
        total=50_000,
        imported=0 if active else 48_211,
        skipped=312,
        failed=1,
        phases={
            "contacts": {
                "done": 12_400 if active else 50_000,
                "total": 50_000,
                "imported": 48_211,
                "skipped": 312,
                "failed": 1,
            }
        },
        created_at=now - timedelta(seconds=40),
        started_at=None if status == "queued" else now - timedelta(seconds=35),
        finished_at=None if active else now,
        error=error,
    )
    run.save(force_insert=True)
    return run


def beat(at: datetime) -> None:
    """A background worker gives a sign of life."""
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])
