"""What a delivery says, made when it is sent: names are those of now, and never of the erased."""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings

from pulsescore.accounts.models import User
from pulsescore.alerts import messages
from pulsescore.alerts.digests import Digest
from pulsescore.alerts.message import Message
from pulsescore.alerts.models import Alert, AlertRule
from pulsescore.alerts.notes import link_of
from pulsescore.delivery import events
from pulsescore.delivery.models import Delivery
from pulsescore.store.models import Customer

DIGEST = "digest"


def message_of(delivery: Delivery, *, now: datetime) -> Message | None:
    """The message for people; nothing where all it told of was erased."""
    if delivery.event == DIGEST and delivery.user_id is not None:
        since, until = (
            datetime.fromisoformat(delivery.payload[name]) for name in ("since", "until")
        )
        return messages.of_digest(Digest(delivery.org_id, delivery.user_id, since, until))
    if delivery.event == events.TEST:
        return messages.of_test(_rule(delivery), by=_by(delivery), now=now)
    return messages.about(delivery.org_id, delivery.subject)


def webhook_id(delivery: Delivery) -> str:
    """The same for each attempt, so that receivers can tell repeats."""
    whole = f"{delivery.org_id}:{delivery.key}"
    return f"msg_{hashlib.sha256(whole.encode()).hexdigest()[:32]}"


def webhook_body(delivery: Delivery) -> bytes | None:
    """The event for programs: the same bytes for each attempt as long as names stay."""
    at = delivery.payload.get("at") or delivery.created_at.isoformat()
    data: dict[str, Any] | None
    if delivery.event in {events.ALERT_FIRED, events.ALERT_RESOLVED}:
        data = _alert(delivery)
    elif delivery.event == events.TEST:
        data = {"test": True}
    else:
        changed = {name: value for name, value in delivery.payload.items() if name != "at"}
        customer = _customer(delivery.org_id, delivery.customer_id)
        data = {**changed, "customer": customer} if customer else None
    if data is None:
        return None
    told = {"type": delivery.event, "timestamp": _instant(at), "data": data}
    return msgspec.json.encode(told)


def _alert(delivery: Delivery) -> dict[str, Any] | None:
    alert = (
        Alert.objects.for_org(delivery.org_id)
        .filter(pk=delivery.payload["alert_id"])
        .select_related("rule")
        .first()
    )
    if alert is None:
        return None
    rule = alert.rule
    return {
        "alert": {
            "id": alert.pk,
            "fired_at": _instant(alert.fired_at.isoformat()),
            "facts": {name: value for name, value in alert.facts.items() if name != "link"},
            "url": settings.PUBLIC_URL + link_of(alert),
        },
        "rule": {"id": rule.pk, "name": rule.name, "kind": rule.kind, "params": rule.params},
        "customer": _customer(delivery.org_id, alert.customer_id),
    }


def _customer(org_id: int, customer_id: int | None) -> dict[str, Any] | None:
    if customer_id is None:
        return None
    row = Customer.objects.for_org(org_id).filter(pk=customer_id).first()
    if row is None:
        return None
    return {"id": row.pk, "external_id": row.external_id, "email": row.email, "name": row.name}


def _rule(delivery: Delivery) -> AlertRule | None:
    rows = AlertRule.objects.for_org(delivery.org_id)
    return rows.filter(pk=delivery.payload.get("rule_id")).first()


def _by(delivery: Delivery) -> str:
    person = User.objects.filter(pk=delivery.payload.get("by")).first()
    return person.get_full_name() if person else "Somebody"


def _instant(told: str) -> str:
    return told.replace("+00:00", "Z")
