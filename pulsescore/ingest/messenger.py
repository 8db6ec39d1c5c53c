"""Visitors whom Intercom's Messenger knows: linked to the lead that comes of one, now or later."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from pulsescore.ingest.calls import Call
from pulsescore.store import ingested
from pulsescore.store.ingested import Scope

_NOTE: Final = """
    INSERT INTO ingest_messengerlink (org_id, visitor_id, anonymous_id, told_at)
    SELECT DISTINCT %(org_id)s::bigint, visitor_id, anonymous_id, %(now)s::timestamptz
    FROM unnest(%(visitors)s::text[], %(anonymous)s::text[]) AS new (visitor_id, anonymous_id)
    ON CONFLICT (org_id, visitor_id, anonymous_id) DO NOTHING
"""
# Links wait beside customers that became leads: both sides have an index.
_WAITING: Final = """
    SELECT visitor_id FROM ingest_messengerlink AS l
    WHERE l.org_id = %(org_id)s AND EXISTS (
        SELECT 1 FROM store_customer AS c
        WHERE c.org_id = l.org_id AND c.contact_role = 'lead' AND c.deleted_at IS NULL
          AND (c.attributes ->> 'intercom/external_id') = l.visitor_id)
"""
_TAKE: Final = """
    DELETE FROM ingest_messengerlink
    WHERE org_id = %(org_id)s AND visitor_id = ANY(%(visitors)s::text[])
    RETURNING visitor_id, anonymous_id, told_at
"""


def tells(call: Call) -> bool:
    """Whether the call says which visitor of the Messenger a browser is."""
    return call.type == "alias" and call.context.get("messenger") is True


def note(scope: Scope, calls: Sequence[Call]) -> None:
    """Remember which browser is which visitor."""
    pairs = [
        (call.user_id, visitor)
        for call in calls
        if call.user_id and (visitor := call.previous_id or call.anonymous_id)
    ]
    if pairs:
        params = {
            **scope.params,
            "visitors": [one for one, _ in pairs],
            "anonymous": [other for _, other in pairs],
        }
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, params)


def has_news(org_id: int) -> bool:
    """Whether a visitor has become a lead."""
    return bool(_waiting(org_id))


def take(scope: Scope) -> list[tuple[str, datetime, int]]:
    """Browsers whose visitors have become leads, with the lead; they wait no longer."""
    leads = ingested.leads_of(scope.org_id, _waiting(scope.org_id))
    if not leads:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"org_id": scope.org_id, "visitors": list(leads)})
        return [(browser, at, leads[visitor]) for visitor, browser, at in cursor.fetchall()]


def _waiting(org_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"org_id": org_id})
        return [visitor for (visitor,) in cursor.fetchall()]
