"""What is told, as deliveries: letters, posts to Slack, events for endpoints."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from pulsescore.alerts.evaluating import Look
from pulsescore.alerts.models import Alert
from pulsescore.alerts.quiet import not_before
from pulsescore.alerts.telling import Telling
from pulsescore.delivery import events
from pulsescore.delivery import queries as deliveries
from pulsescore.delivery.models import Channel, SlackHook, WebhookEndpoint
from pulsescore.delivery.outbox import Parcel
from pulsescore.segments.membership import Line, Move

_CHUNK: Final = 1_000


def letters(told: Telling) -> Iterator[Parcel]:
    """E-mails about one thing told."""
    for user_id, at in told.emails:
        yield Parcel(
            channel=Channel.EMAIL,
            event=events.ALERT_FIRED,
            key=f"{told.subject}:email:{user_id}",
            next_at=at,
            subject=told.subject,
            user_id=user_id,
            customer_id=told.customer_id,
        )


def posts(
    told: Telling, hooks: Mapping[int, SlackHook], *, zone: str, now: datetime
) -> Iterator[Parcel]:
    """Posts to Slack about one thing told; quiet hours hold them back."""
    for hook in (hooks[hook_id] for hook_id in told.slack if hook_id in hooks):
        if hook.enabled:
            at = not_before(now, quiet_from=hook.quiet_from, quiet_to=hook.quiet_to, zone=zone)
            yield Parcel(
                channel=Channel.SLACK,
                event=events.ALERT_FIRED,
                key=f"{told.subject}:slack:{hook.pk}",
                next_at=at,
                subject=told.subject,
                slack_id=hook.pk,
                customer_id=told.customer_id,
            )


def fired(org_id: int, subject: str, *, now: datetime) -> Iterator[Parcel]:
    """An event for each alert, however many were told together: programs do not mind."""
    endpoints = deliveries.subscribed(org_id, events.ALERT_FIRED)
    rows = Alert.objects.for_org(org_id).filter(told_as=subject)
    told = rows.values_list("id", "customer_id").order_by("id")
    for alert_id, customer_id in told.iterator(chunk_size=_CHUNK) if endpoints else ():
        for one in endpoints:
            yield _alert_event(
                one,
                events.ALERT_FIRED,
                key=f"{events.ALERT_FIRED}:{alert_id}",
                alert_id=alert_id,
                customer_id=customer_id,
                now=now,
            )


def resolved(org_id: int, alert_ids: Sequence[int], *, now: datetime) -> Iterator[Parcel]:
    """An event for each alert that is over, of rules that tell webhooks."""
    endpoints = deliveries.subscribed(org_id, events.ALERT_RESOLVED) if alert_ids else []
    rows = Alert.objects.for_org(org_id).filter(pk__in=alert_ids, rule__channels__webhook=True)
    over = rows.values_list("id", "customer_id", "reopened").order_by("id") if endpoints else ()
    for alert_id, customer_id, reopened in over:
        for one in endpoints:
            yield _alert_event(
                one,
                events.ALERT_RESOLVED,
                key=f"{events.ALERT_RESOLVED}:{alert_id}:{reopened}",
                alert_id=alert_id,
                customer_id=customer_id,
                now=now,
            )


def _alert_event(
    endpoint: WebhookEndpoint,
    event: str,
    *,
    key: str,
    alert_id: int,
    customer_id: int | None,
    now: datetime,
) -> Parcel:
    return Parcel(
        channel=Channel.WEBHOOK,
        event=event,
        key=f"{key}:{endpoint.pk}",
        next_at=now,
        subject=f"alert:{alert_id}",
        payload={"alert_id": alert_id, "at": now.isoformat()},
        endpoint_id=endpoint.pk,
        customer_id=customer_id,
    )


def changes(org_id: int, look: Look, *, now: datetime) -> Iterator[Parcel]:
    """An event for each score and each level that changed, as endpoints want them."""
    if not look.changes:
        return
    scores = deliveries.subscribed(org_id, events.SCORE_CHANGED)
    levels = deliveries.subscribed(org_id, events.LEVEL_CHANGED)
    for change in look.changes:
        told = {**change._asdict(), "at": now.isoformat()}
        told.pop("customer_id")
        wanted = [(events.SCORE_CHANGED, one) for one in scores if change.score_moved]
        wanted += [(events.LEVEL_CHANGED, one) for one in levels if change.level_moved]
        for event, endpoint in wanted:
            yield Parcel(
                channel=Channel.WEBHOOK,
                event=event,
                key=f"{event}:{change.customer_id}:{look.name}:{endpoint.pk}",
                next_at=now,
                payload=told,
                endpoint_id=endpoint.pk,
                customer_id=change.customer_id,
            )


def moved(
    org_id: int, moves: Sequence[Move], segments: Sequence[Line], *, now: datetime
) -> Iterator[Parcel]:
    """An event for each customer who entered or left a segment, as endpoints want them."""
    if not moves:
        return
    names = {one.pk: one.name for one in segments}
    wanted = {
        True: (events.SEGMENT_ENTERED, deliveries.subscribed(org_id, events.SEGMENT_ENTERED)),
        False: (events.SEGMENT_LEFT, deliveries.subscribed(org_id, events.SEGMENT_LEFT)),
    }
    for move in moves:
        event, endpoints = wanted[move.entered]
        for endpoint in endpoints:
            name = f"{event}:{move.segment_id}:{move.member_id}:{now.isoformat()}"
            yield Parcel(
                channel=Channel.WEBHOOK,
                event=event,
                key=f"{name}:{endpoint.pk}",
                next_at=now,
                payload={
                    "segment": {"id": move.segment_id, "name": names[move.segment_id]},
                    "at": now.isoformat(),
                },
                endpoint_id=endpoint.pk,
                customer_id=move.member_id,
            )
