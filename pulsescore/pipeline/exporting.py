"""What a person may ask to have: everything that any stage keeps about them, in one document."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.alerts.models import Alert
from pulsescore.connectors.intercom.inbox.erasing import list_notifications
from pulsescore.scoring.models import HealthScore, ScoreOverride, ScorePoint
from pulsescore.segments.models import Member
from pulsescore.store import export


def export_customer(actor: Actor, *, customer_id: int, now: datetime) -> dict[str, Any]:
    """Everything about one person, raw notifications included; admins only, audited.

    Raises `NotFound`, `Forbidden`.
    """
    actor.require(Role.ADMIN)
    with transaction.atomic():
        person = export.gather(actor.org_id, customer_id)
        notifications = list_notifications(
            org_id=actor.org_id,
            source_id=person.source_id,
            contacts=person.contacts,
            conversations=person.own_conversations,
        )
        audit.record_by(actor, "customer.exported", subject=f"customer:{customer_id}", now=now)
    ids = [row["id"] for row in person.rows["contacts"]]
    return {
        "exported_at": now,
        "known_as": sorted(person.contacts),
        **person.rows,
        "scores": _scores(actor.org_id, ids),
        "score_history": _history(actor.org_id, ids),
        "score_overrides": _overrides(actor.org_id, ids),
        "segments": _segments(actor.org_id, ids),
        "alerts": _alerts(actor.org_id, ids),
        "notifications": [
            {"topic": topic, "received_at": at, "body": bytes(body).decode(errors="replace")}
            for topic, at, body in notifications
        ],
    }


def _scores(org_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = HealthScore.objects.for_org(org_id).filter(customer_id__in=ids).order_by("customer_id")
    names = ("customer_id", "score", "risk_level", "reason", "calculated_at", "config_version")
    return list(rows.values(*names))


def _overrides(org_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = ScoreOverride.objects.for_org(org_id).filter(customer_id__in=ids)
    names = ("customer_id", "score", "risk_level", "reason", "set_at", "expires_at")
    return list(rows.order_by("set_at", "id").values(*names))


def _history(org_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = ScorePoint.objects.for_org(org_id).filter(customer_id__in=ids).order_by("at", "id")
    names = ("customer_id", "at", "score", "risk_level", "config_version", "reconstructed")
    return list(rows.values(*names))


def _segments(org_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = Member.objects.for_org(org_id).filter(customer_id__in=ids, segment__deleted_at=None)
    names = ("customer_id", "entered_at")
    return list(rows.order_by("entered_at", "id").values(*names, segment_name=F("segment__name")))


def _alerts(org_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = Alert.objects.for_org(org_id).filter(customer_id__in=ids).order_by("fired_at", "id")
    names = ("customer_id", "fired_at", "state", "resolved_at", "recovered_at", "facts")
    return list(rows.values(*names, rule_name=F("rule__name")))
