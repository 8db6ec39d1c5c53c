"""An organization whose customers' scores move as a test says."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Membership, Role, User
from pulsescore.alerts import actions
from pulsescore.alerts.actions.rules import RuleDraft
from pulsescore.alerts.models import Alert, AlertRule
from pulsescore.scoring import watching
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.models import HealthScore
from pulsescore.scoring.statements import statement
from pulsescore.store.models import Customer, Source
from tests import seeding

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def found(name: str = "alice") -> Actor:
    """An owner with an organization of their own, and a source of customers in it."""
    user, organization = seeding.register(f"{name}@example.com", name=name, now=NOW)
    Source.objects.for_org(organization.pk).create(org_id=organization.pk, kind="intercom")
    return Actor(user, organization.pk, Role.OWNER, "session")


def join(org_id: int, name: str, role: Role = Role.MEMBER) -> User:
    user = User.objects.create_user(f"{name}@example.com", first_name=name.title())
    User.objects.filter(pk=user.pk).update(email_verified_at=NOW)
    user.refresh_from_db()
    Membership(org_id=org_id, user=user, role=role).save(force_insert=True)
    return user


def add_customers(org_id: int, *scores: int | None) -> list[int]:
    """Customers who stand so, from before anything was watched."""
    source = Source.objects.for_org(org_id).get()
    ids = []
    for place, score in enumerate(scores):
        customer = Customer.objects.for_org(org_id).create(
            org_id=org_id,
            source=source,
            external_id=f"c{place}-{Customer.objects.for_org(org_id).count()}",
            name=f"Customer {place}",
            contact_role="user",
            observed_at=NOW,
        )
        HealthScore(
            org_id=org_id,
            customer=customer,
            score=score,
            risk_level=level_of(score),
            reason=None if score is not None else "no_conversation",
            raws=[1.0, 0.0, 5.0, 0.0, 1.0],
            values=[0.5] * 5,
            config_version=1,
            calculated_at=NOW - timedelta(days=1),
        ).save(force_insert=True)
        ids.append(customer.pk)
    return ids


def level_of(score: int | None) -> str | None:
    if score is None:
        return None
    return "red" if score < 40 else "yellow" if score < 70 else "green"


@transaction.atomic
def move(
    org_id: int, scores: Mapping[int, int | None], *, open_tickets: float = 0.0, at: datetime = NOW
) -> None:
    """Scores are written as scoring writes them: marks first, in one transaction."""
    rows = HealthScore.objects.for_org(org_id).in_bulk(list(scores))
    _stage(rows, scores, open_tickets=open_tickets)
    watching.mark_passed(org_id, DEFAULTS, now=at)
    for customer_id, score in scores.items():
        row = rows[customer_id]
        row.score, row.risk_level, row.calculated_at = score, level_of(score), at
        row.raws = [1.0, open_tickets, 5.0, 0.0, 1.0]
        row.save()


def _stage(
    rows: Mapping[int, HealthScore], scores: Mapping[int, int | None], *, open_tickets: float
) -> None:
    """What scoring stages; columns that marks do not look at hold nothing."""
    levels = {None: 0, "red": 1, "yellow": 2, "green": 3}
    with connection.cursor() as cursor:
        cursor.execute(statement("staging"))
        cursor.execute("TRUNCATE scoring_staged")
        cursor.execute("SELECT * FROM scoring_staged")
        names = [column.name for column in cursor.description or ()]
        for customer_id, score in scores.items():
            before = rows[customer_id]
            values = dict.fromkeys(names, 0) | {
                "customer_id": customer_id,
                "score": -1 if score is None else score,
                "level": levels[level_of(score)],
                "score_before": -1 if before.score is None else before.score,
                "level_before": levels[before.risk_level],
                "raw1": 1,
                "raw2": open_tickets,
                "raw3": 5,
                "raw5": 1,
            }
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"INSERT INTO scoring_staged VALUES ({marks})", list(values.values()))


def add_rule(actor: Actor, kind: str, params: dict[str, Any], **fields: Any) -> AlertRule:
    fields.setdefault("channels", {"in_app": True})
    draft = RuleDraft(name=fields.pop("name", kind), kind=kind, params=params, **fields)
    return actions.save_rule(actor, draft=draft, now=NOW)


def alerts_of(org_id: int) -> list[Alert]:
    return list(Alert.objects.for_org(org_id).order_by("id"))
