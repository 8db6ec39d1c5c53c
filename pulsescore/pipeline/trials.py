"""Tests that people send themselves through channels, and deliveries that they send again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.alerts.queries import get_rule
from pulsescore.core.errors import Conflict
from pulsescore.delivery import actions, events, outbox
from pulsescore.delivery.models import Channel, Delivery
from pulsescore.delivery.outbox import Parcel
from pulsescore.delivery.queries import (
    get_endpoint,
    get_slack_hook,
    list_about,
    list_slack_hooks,
    subscribed,
)
from pulsescore.pipeline.wake import wake

_OFF = "This destination is switched off. Switch it on first."


@transaction.atomic
def test_rule(actor: Actor, *, rule_id: int, now: datetime) -> list[Delivery]:
    """Send a marked test through each channel of a rule outside the app, at once.

    The e-mail goes to who asks, and to nobody else. Raises `NotFound`, and `Conflict` where the
    rule tells in the app only.
    """
    actor.require(Role.ADMIN)
    rule = get_rule(actor.org_id, rule_id)
    test = f"test:{uuid4().hex}"
    payload = {"rule_id": rule.pk, "by": actor.user.pk if actor.user else None}
    parcels = [
        Parcel(
            channel=Channel.SLACK,
            event=events.TEST,
            key=f"{test}:slack:{hook.pk}",
            next_at=now,
            subject=test,
            payload=payload,
            slack_id=hook.pk,
        )
        for hook in list_slack_hooks(actor.org_id)
        if hook.pk in rule.channels.get("slack", ()) and hook.enabled
    ]
    if rule.channels.get("email") and actor.user is not None:
        parcels.append(
            Parcel(
                channel=Channel.EMAIL,
                event=events.TEST,
                key=f"{test}:email",
                next_at=now,
                subject=test,
                payload=payload,
                user_id=actor.user.pk,
            )
        )
    if rule.channels.get("webhook"):
        parcels += [
            _to_endpoint(one.pk, test, now=now)
            for one in subscribed(actor.org_id, events.ALERT_FIRED)
        ]
    if not parcels:
        raise Conflict("This rule tells nothing outside the app that could be tested.")
    audit.record_by(
        actor,
        "alert_rule.tested",
        subject=f"rule:{rule.pk}",
        details={"name": rule.name},
        now=now,
    )
    return _send(actor.org_id, test, parcels, now=now)


@transaction.atomic
def test_endpoint(actor: Actor, *, endpoint_id: int, now: datetime) -> Delivery:
    """Send a signed test event to an endpoint. Raises `NotFound`, `Conflict` where it is off."""
    actor.require(Role.ADMIN)
    endpoint = get_endpoint(actor.org_id, endpoint_id)
    if not endpoint.enabled:
        raise Conflict(_OFF)
    test = f"test:{uuid4().hex}"
    audit.record_by(actor, "endpoint.tested", subject=f"endpoint:{endpoint.pk}", now=now)
    return _send(actor.org_id, test, [_to_endpoint(endpoint.pk, test, now=now)], now=now)[0]


@transaction.atomic
def test_slack_hook(actor: Actor, *, hook_id: int, now: datetime) -> Delivery:
    """Post a test to a Slack channel. Raises `NotFound`, `Conflict` where it is off."""
    actor.require(Role.ADMIN)
    hook = get_slack_hook(actor.org_id, hook_id)
    if not hook.enabled:
        raise Conflict(_OFF)
    test = f"test:{uuid4().hex}"
    audit.record_by(
        actor,
        "slack_hook.tested",
        subject=f"slack:{hook.pk}",
        details={"name": hook.name},
        now=now,
    )
    parcel = Parcel(
        channel=Channel.SLACK,
        event=events.TEST,
        key=f"{test}:slack:{hook.pk}",
        next_at=now,
        subject=test,
        payload={"by": actor.user.pk if actor.user else None},
        slack_id=hook.pk,
    )
    return _send(actor.org_id, test, [parcel], now=now)[0]


@transaction.atomic
def retry_delivery(actor: Actor, *, delivery_id: int, now: datetime) -> Delivery:
    """Send a delivery again, under the same key. Raises what `delivery.actions.retry` does."""
    delivery = actions.retry(actor, delivery_id=delivery_id, now=now)
    wake("deliver")
    return delivery


def _to_endpoint(endpoint_id: int, test: str, *, now: datetime) -> Parcel:
    return Parcel(
        channel=Channel.WEBHOOK,
        event=events.TEST,
        key=f"{test}:{endpoint_id}",
        next_at=now,
        subject=test,
        payload={"at": now.isoformat()},
        endpoint_id=endpoint_id,
    )


def _send(org_id: int, test: str, parcels: Iterable[Parcel], *, now: datetime) -> list[Delivery]:
    outbox.enqueue(org_id, parcels, now=now)
    wake("deliver")
    return list(list_about(org_id, [test]))
