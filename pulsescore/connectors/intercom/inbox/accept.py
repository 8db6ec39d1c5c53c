"""The plain door: examine one notification and store it in the present Django connection."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection

from pulsescore.connectors.intercom.inbox import metrics
from pulsescore.connectors.intercom.inbox.admission import Answer, Lookup, Verdict, examine
from pulsescore.connectors.intercom.inbox.receivers import (
    OF_ANYBODY,
    OF_WORKSPACE,
    Receiver,
    open_receivers,
)
from pulsescore.connectors.intercom.inbox.storing import INSERT, parameters
from pulsescore.core.crypto import KeyRing


def accept(headers: Mapping[str, str], raw_body: bytes, *, now: datetime) -> Answer:
    """Let a webhook in: durable once this has committed. Header names in any case."""
    header = next(
        (value for name, value in headers.items() if name.lower() == "x-hub-signature"), None
    )
    verdict = _verdict(header, raw_body, now=now)
    if verdict.deliveries:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, parameters(verdict.deliveries))
    metrics.RECEIVED.labels(verdict.outcome).inc()
    return verdict.answer


def _verdict(header: str | None, raw_body: bytes, *, now: datetime) -> Verdict:
    app_secret = settings.CONFIG.intercom_client_secret
    examination = examine(header, raw_body, now=now, app_secret=app_secret)
    try:
        question = next(examination)
        while True:
            question = examination.send(_receivers(question, app_secret=app_secret))
    except StopIteration as ended:
        verdict: Verdict = ended.value
        return verdict


def _receivers(question: Lookup, *, app_secret: str) -> list[Receiver]:
    query = OF_ANYBODY if question.workspace_id is None else OF_WORKSPACE
    with connection.cursor() as cursor:
        cursor.execute(query, {"workspace_id": question.workspace_id})
        rows = cursor.fetchall()
    key_ring = KeyRing(settings.CONFIG.secret_key)
    return open_receivers(rows, key_ring=key_ring, app_secret=app_secret)
