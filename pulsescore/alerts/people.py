"""Who is told of a rule, and how each of them wants it."""

from dataclasses import dataclass
from datetime import time

from pulsescore.accounts.models import Membership, Role
from pulsescore.alerts.models import AlertRule, Audience, NotificationPreference


@dataclass(frozen=True)
class Listener:
    """A member whom a rule tells. E-mail goes to addresses only that are known to be theirs."""

    user_id: int
    time_zone: str
    has_address: bool
    in_app: bool
    email: str
    quiet_from: time | None
    quiet_to: time | None


def listeners(rule: AlertRule) -> list[Listener]:
    """The members in the rule's audience who did not mute it; two statements."""
    rows = Membership.objects.for_org(rule.org_id).filter(user__is_active=True)
    if rule.audience == Audience.ADMINS:
        rows = rows.filter(role__in=(Role.ADMIN, Role.OWNER))
    known = {
        one.user_id: one for one in NotificationPreference.objects.for_org(rule.org_id).iterator()
    }
    found = []
    for member in rows.select_related("user").order_by("user_id"):
        wishes = known.get(member.user_id) or NotificationPreference()
        if rule.pk not in wishes.muted_rules:
            found.append(_listener(member, wishes))
    return found


def _listener(member: Membership, wishes: NotificationPreference) -> Listener:
    return Listener(
        user_id=member.user_id,
        time_zone=member.user.time_zone,
        has_address=member.user.email_verified_at is not None,
        in_app=wishes.in_app,
        email=wishes.email,
        quiet_from=wishes.quiet_from,
        quiet_to=wishes.quiet_to,
    )


def may_be_mailed(org_id: int, user_id: int) -> bool:
    """Whether this is still a member, whose address is known to be theirs."""
    rows = Membership.objects.for_org(org_id).filter(user_id=user_id, user__is_active=True)
    return rows.filter(user__email_verified_at__isnull=False).exists()
