"""Values that Intercom holds in a form of its own: what we wrote, and what it made of it.

Without this a value that Intercom trims, rounds or moves would differ for ever, and be written for
ever. The address of a picture may be given anew some time after it was taken, so there what we
wrote last decides alone, as long as there is any picture.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from pulsescore.connectors.intercom.mappings.conversion import is_empty
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import statements
from pulsescore.connectors.intercom.outbound.models import HeldOtherwise
from pulsescore.connectors.intercom.outbound.outcome import Outcome

Values = Mapping[str, Any]
# By name of the field: what we sent, and what Intercom made of it.
Echoes = Mapping[str, tuple[Any, Any]]
MOVED: Final = frozenset({"avatar"})


def without_echoes(values: Values, held: Values, echoes: Echoes) -> dict[str, Any]:
    """Pure: values to write less those that Intercom has already, in its own form."""
    return {
        name: value
        for name, value in values.items()
        if name not in echoes or not _is_echo(name, value, held.get(name), echoes[name])
    }


def echoes_of_customers(connection: Connection, ids: Iterable[int]) -> dict[int, Echoes]:
    """Of each customer, the values that Intercom holds in a form of its own."""
    rows = HeldOtherwise.objects.for_org(connection.org_id).filter(
        connection=connection, customer_id__in=list(ids)
    )
    return _grouped(rows.values_list("customer_id", "key", "sent", "held"))


def echoes_of_companies(connection: Connection, ids: Iterable[int]) -> dict[int, Echoes]:
    """Of each company, the values that Intercom holds in a form of its own."""
    rows = HeldOtherwise.objects.for_org(connection.org_id).filter(
        connection=connection, company_id__in=list(ids)
    )
    return _grouped(rows.values_list("company_id", "key", "sent", "held"))


def note(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Remember what Intercom made of the values that these outcomes wrote."""
    scope = {"org_id": connection.org_id, "connection_id": connection.pk}
    for statement, owner in (
        (statements.HELD_OTHERWISE_OF_CUSTOMERS, "customer_id"),
        (statements.HELD_OTHERWISE_OF_COMPANIES, "company_id"),
    ):
        lines = [
            {"id": getattr(one.task, owner), "key": key, "sent": sent, "held": held}
            for one in outcomes
            if getattr(one.task, owner) is not None
            for key, (sent, held) in one.echoes.items()
        ]
        if lines:
            document = msgspec.json.encode(lines).decode()
            statements.run(statement, {**scope, "lines": document})


def _is_echo(name: str, value: Any, held: Any, echo: tuple[Any, Any]) -> bool:
    sent, made = echo
    if value != sent or isinstance(value, bool) != isinstance(sent, bool):
        return False
    return bool(held == made or (name in MOVED and not is_empty(held)))


def _grouped(rows: Iterable[tuple[int, str, Any, Any]]) -> dict[int, Echoes]:
    found: dict[int, dict[str, tuple[Any, Any]]] = {}
    for owner, key, sent, held in rows:
        found.setdefault(owner, {})[key] = (sent, held)
    return dict(found)
