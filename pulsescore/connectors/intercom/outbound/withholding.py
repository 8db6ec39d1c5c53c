"""Values that are not sent as they are, and why: refused by Intercom, not fitting, or shortened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from pulsescore.connectors.intercom.mappings.conversion import LONGEST_TEXT
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound.looking import Outlook
from pulsescore.connectors.intercom.outbound.models import Reason, WithheldValue
from pulsescore.connectors.intercom.outbound.outcome import Outcome

_WHOLE: Final = "*"
# What we find out ourselves, and show as long as it is so.
_SEEN: Final = (Reason.UNFIT, Reason.CUT)
_Seen = dict[tuple[int, str], tuple[Any, Reason, str]]


def show(connection: Connection, outlooks: Sequence[Outlook], *, now: datetime) -> None:
    """List values that do not fit or are sent shortened, of each customer, as long as they are."""
    rows = WithheldValue.objects.for_org(connection.org_id).filter(connection=connection)
    ids = [one.customer.pk for one in outlooks]
    told = _seen(outlooks)
    stale = []
    for row in rows.filter(customer_id__in=ids, reason__in=_SEEN):
        key = (row.customer_id or 0, row.key)
        if told.get(key) == (row.value, row.reason, row.message):
            del told[key]
        else:
            stale.append(row.pk)
    if stale:
        rows.filter(pk__in=stale).delete()
    if told:
        WithheldValue.objects.for_org(connection.org_id).bulk_create(
            (
                WithheldValue(
                    org_id=connection.org_id,
                    connection=connection,
                    customer_id=customer_id,
                    key=key,
                    value=value,
                    reason=reason,
                    message=message,
                    at=now,
                )
                for (customer_id, key), (value, reason, message) in told.items()
            ),
            ignore_conflicts=True,
        )


def _seen(outlooks: Iterable[Outlook]) -> _Seen:
    told: _Seen = {}
    for one in outlooks:
        for refused in one.refused:
            line = (_plain(refused.value), Reason.UNFIT, refused.reason)
            told[one.customer.pk, refused.intercom] = line
        for cut in one.cut:
            message = f"Sent shortened: of {cut.length} characters Intercom takes {LONGEST_TEXT}."
            told[one.customer.pk, cut.intercom] = (None, Reason.CUT, message)
    return told


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def note(connection: Connection, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Store what Intercom refused, and forget what it took since."""
    _forget_accepted(connection, [one for one in outcomes if one.accepted])
    rows = WithheldValue.objects.for_org(connection.org_id)
    for one in outcomes:
        about = {"customer_id": one.task.customer_id, "company_id": one.task.company_id}
        for key, (value, message) in one.withheld.items():
            told = {"value": value, "reason": Reason.REFUSED, "message": message, "at": now}
            rows.update_or_create(
                connection=connection,
                key=key,
                **about,
                defaults=told,
                create_defaults={**told, "org_id": connection.org_id},
            )


def _forget_accepted(connection: Connection, outcomes: Iterable[Outcome]) -> None:
    """One look for all: hardly ever is there anything."""
    customers = {one.task.customer_id: one.accepted for one in outcomes if one.task.customer_id}
    companies = {one.task.company_id: one.accepted for one in outcomes if one.task.company_id}
    rows = WithheldValue.objects.for_org(connection.org_id).filter(connection=connection)
    rows = rows.exclude(reason=Reason.CUT)
    found = [
        *(rows.filter(customer_id__in=list(customers)) if customers else ()),
        *(rows.filter(company_id__in=list(companies)) if companies else ()),
    ]
    taken = [
        row.pk
        for row in found
        if row.key
        in {*customers.get(row.customer_id, ()), *companies.get(row.company_id, ()), _WHOLE}
    ]
    if taken:
        rows.filter(pk__in=taken).delete()
