"""The write log: a line for each write that Intercom took or refused, with before and after."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import outbox, statements
from pulsescore.connectors.intercom.outbound.outcome import Outcome, Written, WrittenCompany

# Instants become text, and amounts numbers, as Intercom itself tells them.
_JSON: Final = msgspec.json.Encoder(decimal_format="number")


def add(
    connection: Connection,
    outcomes: Iterable[Outcome],
    writes: Iterable[WrittenCompany],
    *,
    now: datetime,
) -> None:
    """Add what was written, of outcomes and (`writes`) of companies that contacts needed."""
    lines = [
        _line(
            written,
            run_id=one.task.run_id,
            customer_id=one.task.customer_id,
            company_id=one.task.company_id,
        )
        for one in outcomes
        for written in one.writes
    ]
    lines += [_line(one.written, run_id=one.run_id, company_id=one.company_id) for one in writes]
    if lines:
        document = _JSON.encode(lines).decode()
        statements.run(statements.LOG, {**outbox.scope(connection, now), "lines": document})


def _line(
    written: Written,
    *,
    run_id: int | None = None,
    customer_id: int | None = None,
    company_id: int | None = None,
) -> dict[str, object]:
    return {
        "run_id": run_id,
        "customer_id": customer_id,
        "company_id": company_id,
        "kind": written.kind,
        "external_id": written.external_id,
        "before": written.before,
        "after": written.after,
        "error": written.error,
    }
