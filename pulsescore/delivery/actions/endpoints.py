"""Endpoints of outgoing webhooks; for admins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import raise_if_any
from pulsescore.accounts.models import Role
from pulsescore.core.errors import FieldFault
from pulsescore.delivery import secrets
from pulsescore.delivery.destinations import switch
from pulsescore.delivery.events import SUBSCRIBABLE
from pulsescore.delivery.models import WebhookEndpoint
from pulsescore.delivery.queries import get_endpoint, list_endpoints
from pulsescore.delivery.targets import url_faults
from pulsescore.delivery.watch import save_watch_of

MAX_ENDPOINTS: Final = 20
_DESCRIPTION: Final = 120


@transaction.atomic
def save_endpoint(
    actor: Actor,
    *,
    endpoint_id: int | None = None,
    url: str,
    events: Sequence[str],
    description: str = "",
    enabled: bool = True,
    now: datetime,
) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint, or change the one with this id; with the secret of a new one, else "".

    Switching one on again sends what waited for it. Raises `Invalid` field by field, `NotFound`.
    """
    actor.require(Role.ADMIN)
    known = get_endpoint(actor.org_id, endpoint_id) if endpoint_id is not None else None
    raise_if_any(_faults(actor.org_id, url, events, description, is_new=known is None))
    endpoint = known or WebhookEndpoint(
        org_id=actor.org_id, created_by=actor.user, created_at=now, enabled=enabled
    )
    endpoint.url, endpoint.description = url.strip(), description.strip()
    endpoint.events = sorted(set(events))
    endpoint.save()
    secret = "" if known else _give_secret(endpoint, now=now)
    switch(endpoint, enabled=enabled, now=now)
    save_watch_of(actor.org_id)
    deed = "endpoint.changed" if known else "endpoint.created"
    _record(actor, deed, endpoint, now=now)
    return endpoint, secret


@transaction.atomic
def rotate_secret(actor: Actor, *, endpoint_id: int, now: datetime) -> tuple[WebhookEndpoint, str]:
    """Give an endpoint another secret; for a day the former one signs, too. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    endpoint = get_endpoint(actor.org_id, endpoint_id)
    secret = _give_secret(endpoint, now=now)
    _record(actor, "endpoint.secret_rotated", endpoint, now=now)
    return endpoint, secret


@transaction.atomic
def delete_endpoint(actor: Actor, *, endpoint_id: int, now: datetime) -> None:
    """Delete an endpoint with its deliveries. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    endpoint = get_endpoint(actor.org_id, endpoint_id)
    _record(actor, "endpoint.deleted", endpoint, now=now)
    endpoint.delete()
    save_watch_of(actor.org_id)


def _give_secret(endpoint: WebhookEndpoint, *, now: datetime) -> str:
    secret = secrets.new_secret()
    secrets.seal_secret(endpoint, secret, now=now)
    endpoint.save()
    return secret


def _faults(
    org_id: int, url: str, events: Sequence[str], description: str, *, is_new: bool
) -> list[FieldFault]:
    plain = settings.CONFIG.allow_private_targets
    faults = url_faults("url", url.strip(), may_be_plain=plain)
    if not events or set(events) - SUBSCRIBABLE.keys():
        faults.append(FieldFault("events", f"Choose one of {', '.join(SUBSCRIBABLE)}."))
    if len(description.strip()) > _DESCRIPTION:
        faults.append(FieldFault("description", f"Use at most {_DESCRIPTION} characters."))
    if is_new and list_endpoints(org_id).count() >= MAX_ENDPOINTS:
        faults.append(FieldFault("url", f"An organization has at most {MAX_ENDPOINTS} endpoints."))
    return faults


def _record(actor: Actor, deed: str, endpoint: WebhookEndpoint, *, now: datetime) -> None:
    # A path may hold a secret of the receiver's; the host says enough.
    details = {"host": urlsplit(endpoint.url).hostname, "events": endpoint.events}
    audit.record_by(actor, deed, subject=f"endpoint:{endpoint.pk}", details=details, now=now)
