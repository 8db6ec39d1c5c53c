"""Channels of Slack that alerts are posted to, by incoming webhook; for admins."""

from datetime import datetime, time
from typing import Final

from django.conf import settings
from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import raise_if_any, text_faults
from pulsescore.accounts.models import Role
from pulsescore.core.errors import FieldFault
from pulsescore.delivery import secrets
from pulsescore.delivery.destinations import switch
from pulsescore.delivery.models import SlackHook
from pulsescore.delivery.queries import get_slack_hook, list_slack_hooks
from pulsescore.delivery.targets import slack_faults

MAX_HOOKS: Final = 20


@transaction.atomic
def save_slack_hook(
    actor: Actor,
    *,
    hook_id: int | None = None,
    name: str,
    url: str = "",
    quiet_from: time | None = None,
    quiet_to: time | None = None,
    enabled: bool = True,
    now: datetime,
) -> SlackHook:
    """Make a Slack channel known, or change it; without `url` a known one keeps its own.

    Raises `Invalid` field by field, `NotFound`.
    """
    actor.require(Role.ADMIN)
    known = get_slack_hook(actor.org_id, hook_id) if hook_id is not None else None
    faults = text_faults("name", name, max_length=80)
    if url.strip() or known is None:
        plain = settings.CONFIG.allow_private_targets
        faults += slack_faults("url", url.strip(), may_be_plain=plain)
    if (quiet_from is None) != (quiet_to is None):
        empty = "quiet_from" if quiet_from is None else "quiet_to"
        faults.append(FieldFault(empty, "Quiet hours need a beginning and an end."))
    if known is None and list_slack_hooks(actor.org_id).count() >= MAX_HOOKS:
        faults.append(FieldFault("name", f"An organization has at most {MAX_HOOKS} channels."))
    raise_if_any(faults)
    hook = known or SlackHook(
        org_id=actor.org_id, created_by=actor.user, created_at=now, enabled=enabled
    )
    hook.name, hook.quiet_from, hook.quiet_to = name.strip(), quiet_from, quiet_to
    hook.save()
    if url.strip():
        secrets.seal_url(hook, url.strip())
        hook.save()
    switch(hook, enabled=enabled, now=now)
    deed = "slack_hook.changed" if known else "slack_hook.created"
    _record(actor, deed, hook, now=now)
    return hook


@transaction.atomic
def delete_slack_hook(actor: Actor, *, hook_id: int, now: datetime) -> None:
    """Forget a Slack channel with its deliveries. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    hook = get_slack_hook(actor.org_id, hook_id)
    _record(actor, "slack_hook.deleted", hook, now=now)
    hook.delete()


def _record(actor: Actor, deed: str, hook: SlackHook, *, now: datetime) -> None:
    audit.record_by(actor, deed, subject=f"slack:{hook.pk}", details={"name": hook.name}, now=now)
