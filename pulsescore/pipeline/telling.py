"""Tells admins by e-mail what only a person can mend, and has letters sent that wait."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from pulsescore.accounts import actions, posting
from pulsescore.accounts.models import Membership, Role
from pulsescore.connectors.intercom import attention
from pulsescore.connectors.intercom.models import Connection
from pulsescore.pipeline.wake import wake

CONNECTION_PATH = "/settings/integrations/intercom/{connection_id}"


def tell_admins(*, now: datetime) -> int:
    """Mail the admins of each connection that newly needs attention; returns how many were told.

    The claim commits together with the letters: a crash loses none and tells nobody twice.
    """
    return sum(_tell(connection, now=now) for connection in attention.list_untold())


def request_password_reset(*, email: str, address: str, now: datetime) -> None:
    """As `accounts.actions.request_password_reset`, and the worker is told either way."""
    actions.request_password_reset(email=email, address=address, now=now)
    wake("send_letters")


def wake_letters(*, now: datetime) -> None:
    """Have the letters sent that wait: new ones, and those that the mail server did not take."""
    if posting.is_due(now=now):
        wake("send_letters")


def _tell(connection: Connection, *, now: datetime) -> int:
    with transaction.atomic():
        if not attention.mark_told(connection, now=now):
            return 0
        admins = _admins(connection.org_id)
        for membership in admins:
            posting.send_on_commit(
                template="pipeline/email/needs_attention",
                to=membership.user.email,
                context=_context(connection, membership),
                now=now,
            )
    return len(admins)


def _admins(org_id: int) -> list[Membership]:
    rows = Membership.objects.for_org(org_id).select_related("user", "org")
    return list(rows.filter(role__in=(Role.ADMIN, Role.OWNER), user__is_active=True))


def _context(connection: Connection, membership: Membership) -> dict[str, str]:
    path = CONNECTION_PATH.format(connection_id=connection.pk)
    return {
        "workspace": connection.workspace_name or connection.workspace_id,
        "organization": membership.org.name,
        "reason": connection.last_error,
        "link": settings.PUBLIC_URL + path,
    }
