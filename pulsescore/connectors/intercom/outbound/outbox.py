"""The outbox: one row per customer or company that differs; taken, sent, settled.

Only who holds the sending lock of the connection takes rows, so that no contact has two writers.
Whoever dies leaves the rows as they are: what was sent already is sent again to the same effect.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count
from psycopg.types.json import Jsonb

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import statements
from pulsescore.connectors.intercom.outbound.models import OutboundTask, TaskState

_DELAYS: Final = tuple(timedelta(seconds=secs) for secs in (15, 60, 300, 1_800, 7_200, 21_600))
_ERROR: Final = 400
_AT_ONCE: Final = 3
_QUEUE: Final = {
    "customer": statements.QUEUE_CUSTOMERS,
    "company": statements.QUEUE_COMPANIES,
}
NOT_PERMITTED: Final = timedelta(hours=1)


def scope(connection: Connection, now: datetime) -> dict[str, Any]:
    """What every statement needs to know."""
    return {"org_id": connection.org_id, "connection_id": connection.pk, "now": now}


class Cause(NamedTuple):
    """Why a row is to be sent: for the run that a person asked for, or because it changed."""

    run_id: int | None = None
    is_automatic: bool = True


AUTOMATIC: Final = Cause()


def queue_customers(
    connection: Connection, ids: Iterable[int], *, now: datetime, is_forced: bool = False
) -> None:
    """Have customers sent; those that wait already stay one row."""
    queue_caused(connection, "customer", dict.fromkeys(ids, AUTOMATIC), now, is_forced=is_forced)


def queue_companies(
    connection: Connection, ids: Iterable[int], *, now: datetime, is_forced: bool = False
) -> None:
    """Have companies sent; those that wait already stay one row."""
    queue_caused(connection, "company", dict.fromkeys(ids, AUTOMATIC), now, is_forced=is_forced)


def queue_caused(
    connection: Connection,
    about: str,
    causes: Mapping[int, Cause],
    now: datetime,
    *,
    is_forced: bool = False,
) -> None:
    """Have customers or companies ("customer", "company") sent, each for its cause."""
    if causes:
        wanted = {
            **scope(connection, now),
            "ids": list(causes),
            "runs": [one.run_id for one in causes.values()],
            "automatic": [one.is_automatic for one in causes.values()],
            "is_forced": is_forced,
        }
        statements.run(_QUEUE[about], wanted)


def ask_by_hand(
    connection: Connection,
    *,
    customer_id: int | None = None,
    company_id: int | None = None,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
    archives: bool = False,
    now: datetime,
) -> None:
    """Have tags put on and taken off, or former values brought back, with what else differs."""
    if customer_id is not None:
        queue_customers(connection, [customer_id], now=now, is_forced=True)
    if company_id is not None:
        queue_companies(connection, [company_id], now=now, is_forced=True)
    asked = {
        **scope(connection, now),
        "customer_id": customer_id,
        "company_id": company_id,
        "add": list(add),
        "remove": list(remove),
        "values": Jsonb(dict(values or {})),
        "archives": archives,
    }
    statements.run(statements.BY_HAND, asked)


def take(
    connection: Connection, *, about: str, now: datetime, above: int, limit: int
) -> list[OutboundTask]:
    """Rows that are due, of customers or companies ("customer", "company"), in their order."""
    rows = OutboundTask.objects.for_org(connection.org_id).filter(
        connection=connection,
        state=TaskState.WAITING,
        next_at__lte=now,
        id__gt=above,
        **{f"{about}__isnull": False},
    )
    return list(rows.order_by("id")[:limit])


def take_these(
    connection: Connection, customer_ids: Iterable[int], *, now: datetime
) -> dict[int, OutboundTask]:
    """Rows of these customers that are due and of which nobody asked anything by hand."""
    rows = OutboundTask.objects.for_org(connection.org_id).filter(
        connection=connection,
        state=TaskState.WAITING,
        next_at__lte=now,
        is_forced=False,
        customer_id__in=list(customer_ids),
    )
    return {task.customer_id: task for task in rows if task.customer_id is not None}


def finish(org_id: int, tasks: Sequence[OutboundTask], *, now: datetime) -> None:
    """Take off what was sent; what was asked for meanwhile waits once more."""
    if tasks:
        rows = {
            "ids": [one.pk for one in tasks],
            "marks": [one.marks for one in tasks],
            "runs": [one.run_id for one in tasks],
        }
        statements.run(statements.FINISH, {"org_id": org_id, "now": now, **rows})


def postpone(
    task: OutboundTask, *, error: str, code: str, now: datetime, not_before: datetime | None = None
) -> None:
    """Try again later, ever more rarely."""
    delay = _DELAYS[min(task.attempts, len(_DELAYS) - 1)]
    at = max(now + delay, not_before) if not_before else now + delay
    _update(
        task, attempts=task.attempts + 1, next_at=at, error=error[:_ERROR], error_code=code[:40]
    )


def look_again(task: OutboundTask, *, now: datetime) -> None:
    """Something was learned that changes what is to be sent: at once, unless that goes on."""
    if task.attempts >= _AT_ONCE:
        postpone(task, error="", code="again", now=now)
    else:
        _update(task, attempts=task.attempts + 1, next_at=now)


def refuse(task: OutboundTask, *, error: str, code: str) -> None:
    """Intercom takes none of it: it waits until something about it changes."""
    _update(task, state=TaskState.REFUSED, error=error[:_ERROR], error_code=code[:40])
    if task.run_id is not None:
        rows = OutboundTask.objects.for_org(task.org_id)
        rows.filter(pk=task.pk, run_id=task.run_id).update(run_id=None)


def counts(connection: Connection) -> Mapping[str, int]:
    """How many rows wait, wait for confirmation, or were refused."""
    rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
    found = dict(rows.values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in TaskState.values}


def _update(task: OutboundTask, **fields: Any) -> None:
    OutboundTask.objects.for_org(task.org_id).filter(pk=task.pk, marks=task.marks).update(**fields)
    OutboundTask.objects.for_org(task.org_id).filter(pk=task.pk, marks__gt=task.marks).update(
        next_at=fields.get("next_at", task.next_at)
    )
