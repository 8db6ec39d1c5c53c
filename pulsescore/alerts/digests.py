"""The daily digest: what fired since the last one, for those who want it at their hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from pulsescore.accounts.models import Membership, Role
from pulsescore.alerts.models import Alert, AlertRule, Audience, NotificationPreference
from pulsescore.alerts.quiet import next_digest

_AT_ONCE: Final = 500
_FIRST_SPAN: Final = timedelta(days=1)


@dataclass(frozen=True)
class Digest:
    """What one person is to be sent: everything that fired in a span, its end not included."""

    org_id: int
    user_id: int
    since: datetime
    until: datetime


@transaction.atomic
def take_due_digests(*, now: datetime) -> list[Digest]:
    """Claim the digests whose hour has come; those with nothing to tell are left out.

    The next hour is set in the same transaction: what is returned must be stored in it, too.
    """
    rows = NotificationPreference.objects.across_orgs("the worker serves every organization")
    due = list(
        rows.filter(next_digest_at__lte=now, user__is_active=True)
        .select_related("user")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_digest_at", "id")[:_AT_ONCE]
    )
    found = []
    for row in due:
        since = row.last_digest_at or now - _FIRST_SPAN
        digest = Digest(row.org_id, row.user_id, since, now)
        row.last_digest_at = now
        row.next_digest_at = next_digest(now, hour=row.digest_hour, zone=row.user.time_zone)
        row.save(update_fields=["last_digest_at", "next_digest_at"])
        if row.user.email_verified_at is not None and alerts_of(digest).exists():
            found.append(digest)
    return found


def alerts_of(digest: Digest) -> QuerySet[Alert]:
    """The alerts of a digest, newest first. Index: alerts_newest_first."""
    rules = _rules_for(digest.org_id, digest.user_id)
    rows = Alert.objects.for_org(digest.org_id).filter(
        rule_id__in=rules, fired_at__gte=digest.since, fired_at__lt=digest.until
    )
    return rows.select_related("rule", "customer").order_by("-fired_at", "-id")


def _rules_for(org_id: int, user_id: int) -> list[int]:
    """The rules that tell this person by e-mail."""
    member = Membership.objects.for_org(org_id).filter(user_id=user_id).first()
    if member is None:
        return []
    wishes = NotificationPreference.objects.for_org(org_id).filter(user_id=user_id).first()
    muted = set(wishes.muted_rules) if wishes else set()
    rows = AlertRule.objects.for_org(org_id).filter(channels__email=True)
    if member.role not in {Role.ADMIN, Role.OWNER}:
        rows = rows.exclude(audience=Audience.ADMINS)
    return [pk for pk in rows.values_list("id", flat=True) if pk not in muted]
