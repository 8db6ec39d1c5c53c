"""What a person wants to be told of an organization's alerts."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import choice_faults, raise_if_any
from pulsescore.accounts.models import User
from pulsescore.alerts.models import EmailChoice, NotificationPreference
from pulsescore.alerts.queries import get_preferences, get_rule
from pulsescore.alerts.quiet import next_digest
from pulsescore.core.errors import FieldFault

_LAST_HOUR = 23


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """Preferences as somebody wants them; without both ends there are no quiet hours."""

    in_app: bool = True
    email: str = EmailChoice.EACH
    digest_hour: int = 8
    quiet_from: time | None = None
    quiet_to: time | None = None


@transaction.atomic
def save_preferences(actor: Actor, *, wishes: Wishes, now: datetime) -> NotificationPreference:
    """Keep a person's wishes. Raises `Invalid` field by field, `Forbidden` for an API key."""
    user = actor.require_person()
    faults = choice_faults("email", wishes.email, EmailChoice.values)
    if not 0 <= wishes.digest_hour <= _LAST_HOUR:
        faults.append(FieldFault("digest_hour", "Choose an hour from 0 to 23."))
    if (wishes.quiet_from is None) != (wishes.quiet_to is None):
        empty = "quiet_from" if wishes.quiet_from is None else "quiet_to"
        faults.append(FieldFault(empty, "Quiet hours need a beginning and an end."))
    raise_if_any(faults)
    row = _own(actor, user)
    row.in_app, row.email, row.digest_hour = wishes.in_app, wishes.email, wishes.digest_hour
    row.quiet_from, row.quiet_to = wishes.quiet_from, wishes.quiet_to
    row.next_digest_at = None
    if wishes.email == EmailChoice.DIGEST:
        row.next_digest_at = next_digest(now, hour=wishes.digest_hour, zone=user.time_zone)
        row.last_digest_at = row.last_digest_at or now
    row.save()
    return row


def mute_rule(actor: Actor, *, rule_id: int, now: datetime) -> NotificationPreference:
    """No longer be told of a rule, in the app or by e-mail. Raises `NotFound`, `Forbidden`."""
    del now
    return _change_muted(actor, rule_id, muted=True)


def unmute_rule(actor: Actor, *, rule_id: int, now: datetime) -> NotificationPreference:
    """Be told of a rule again. Raises `NotFound`, `Forbidden`."""
    del now
    return _change_muted(actor, rule_id, muted=False)


@transaction.atomic
def _change_muted(actor: Actor, rule_id: int, *, muted: bool) -> NotificationPreference:
    user = actor.require_person()
    rule = get_rule(actor.org_id, rule_id)
    row = _own(actor, user)
    others = set(row.muted_rules) - {rule.pk}
    row.muted_rules = sorted(others | ({rule.pk} if muted else set()))
    row.save()
    return row


def _own(actor: Actor, user: User) -> NotificationPreference:
    """The person's row, held until the end of the transaction, or a new one (unsaved)."""
    rows = NotificationPreference.objects.for_org(actor.org_id).select_for_update()
    return rows.filter(user=user).first() or get_preferences(actor.org_id, user.pk)
