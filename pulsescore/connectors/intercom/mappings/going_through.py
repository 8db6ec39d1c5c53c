"""Once the tables changed, everybody known is gone through: in batches, each its own transaction.

How far that is stands in the row of the mark, so that a killed worker goes on where it was.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.connectors.intercom.mappings.bringing import bring_in
from pulsescore.connectors.intercom.mappings.models import MappingMark
from pulsescore.connectors.intercom.outbound import marks
from pulsescore.store.models import Company, Customer

_AT_A_TIME: Final = 2000


def connections_to_go_through() -> list[int]:
    """The connections whose tables changed."""
    waiting = MappingMark.objects.across_orgs("a look around finds what was left lying")
    return list(waiting.order_by("pk").values_list("connection_id", flat=True))


def go_through(connection_id: int, *, now: datetime) -> int | None:
    """Bring in and mark everybody for sending; returns the organization, None where nobody waits.

    A change of the tables meanwhile begins anew.
    """
    org_id: int | None = None
    while True:
        with transaction.atomic():
            waiting = MappingMark.objects.across_orgs("a job names its connection by id")
            mark = (
                waiting.select_for_update(of=("self",))
                .select_related("connection")
                .filter(connection_id=connection_id)
                .first()
            )
            if mark is None:
                return org_id
            org_id = mark.org_id
            if not (_customers(mark, now=now) or _companies(mark)):
                mark.delete()


def _customers(mark: MappingMark, *, now: datetime) -> bool:
    # People of other sources are sent, too; only those of the workspace are told of by it.
    known = Customer.objects.for_org(mark.org_id).filter(pk__gt=mark.reached_customer)
    batch = list(known.order_by("pk").values_list("pk", flat=True)[:_AT_A_TIME])
    if not batch:
        return False
    bring_in(mark.connection, batch, now=now)
    marks.mark(mark.org_id, batch)
    mark.reached_customer = batch[-1]
    mark.save(update_fields=["reached_customer"])
    return True


def _companies(mark: MappingMark) -> bool:
    known = Company.objects.for_org(mark.org_id).filter(pk__gt=mark.reached_company)
    batch = list(known.order_by("pk").values_list("pk", flat=True)[:_AT_A_TIME])
    if not batch:
        return False
    marks.mark_companies(mark.org_id, batch)
    mark.reached_company = batch[-1]
    mark.save(update_fields=["reached_company"])
    return True
