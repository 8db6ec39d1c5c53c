"""Asking for an object to be read again at Intercom, without a notification that told of it."""

from datetime import datetime

from django.db.models import F

from pulsescore.connectors.intercom.models import Connection, PendingRefetch


def ask_for_contact(connection: Connection, external_id: str, *, now: datetime) -> None:
    """Have a contact read again as soon as the inbox is worked on; asking twice is asking once."""
    PendingRefetch.objects.for_org(connection.org_id).update_or_create(
        connection=connection,
        kind="contact",
        external_id=external_id,
        defaults={"marks": F("marks") + 1, "next_attempt_at": now},
        create_defaults={
            "org_id": connection.org_id,
            "marked_at": now,
            "next_attempt_at": now,
        },
    )
