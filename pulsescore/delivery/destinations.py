"""Destinations that are switched on and off, by people or because they fail for too long."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db.models import QuerySet

from pulsescore.delivery.models import Delivery, DeliveryState, SlackHook, WebhookEndpoint

Target = WebhookEndpoint | SlackHook
SETTINGS_PATH: Final = "/settings/webhooks"
# So long nothing arrives before a destination is given up.
GIVEN_UP_AFTER: Final = timedelta(days=3)


def switch(target: Target, *, enabled: bool, now: datetime) -> None:
    """A person switches a destination; what waited for it goes, or waits from now on."""
    if enabled and (not target.enabled or target.disabled_reason):
        target.disabled_reason, target.disabled_at, target.failing_since = "", None, None
        waiting = _deliveries(target).filter(state=DeliveryState.PAUSED)
        waiting.update(state=DeliveryState.PENDING, next_at=now, attempts=0, lease_until=None)
    if not enabled and target.enabled:
        target.disabled_at = now
        _pause(target)
    target.enabled = enabled
    target.save()


def give_up(target: Target, *, reason: str, now: datetime) -> bool:
    """Switch off a destination that refuses us; False where somebody did so already."""
    turned = _rows(target).filter(enabled=True)
    if not turned.update(enabled=False, disabled_reason=reason, disabled_at=now):
        return False
    _pause(target)
    return True


def note_success(target: Target, *, now: datetime) -> None:
    """Something arrived."""
    _rows(target).update(failing_since=None, last_success_at=now)


def note_failure(target: Target, *, now: datetime) -> bool:
    """Something did not arrive; whether that has lasted too long."""
    rows = _rows(target)
    rows.filter(failing_since=None).update(failing_since=now)
    return rows.filter(failing_since__lte=now - GIVEN_UP_AFTER).exists()


def name_of(target: Target) -> str:
    """What people call it."""
    if isinstance(target, SlackHook):
        return f"The Slack channel “{target.name}”"
    return f"The webhook endpoint at {urlsplit(target.url).hostname}"


def _pause(target: Target) -> None:
    waiting = _deliveries(target).filter(state=DeliveryState.PENDING)
    waiting.update(state=DeliveryState.PAUSED, lease_until=None)


def _deliveries(target: Target) -> QuerySet[Delivery]:
    rows = Delivery.objects.for_org(target.org_id)
    if isinstance(target, WebhookEndpoint):
        return rows.filter(endpoint_id=target.pk)
    return rows.filter(slack_id=target.pk)


def _rows(target: Target) -> "QuerySet[WebhookEndpoint] | QuerySet[SlackHook]":
    if isinstance(target, WebhookEndpoint):
        return WebhookEndpoint.objects.for_org(target.org_id).filter(pk=target.pk)
    return SlackHook.objects.for_org(target.org_id).filter(pk=target.pk)
