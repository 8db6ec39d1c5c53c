"""Calls that wait, or were given up, are personal data too: they go with the person they name."""

from collections.abc import Iterable

from pulsescore.ingest.bodies import pack, unpack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import ArrivedBatch, MessengerLink, VisitorCall
from pulsescore.ingest.people import VISITOR, names_in
from pulsescore.store.identities import Name


def erase_calls(*, org_id: int, names: Iterable[Name]) -> None:
    """Remove calls that carry one of these names, within the transaction that erases a person."""
    erased = set(names)
    if not erased:
        return
    visitors = [key for kind, key in erased if kind == VISITOR]
    VisitorCall.objects.for_org(org_id).filter(anonymous_id__in=visitors).delete()
    MessengerLink.objects.for_org(org_id).filter(anonymous_id__in=visitors).delete()
    batches = ArrivedBatch.objects.for_org(org_id)
    for batch in batches.select_for_update().order_by("id").iterator(chunk_size=100):
        calls = unpack(bytes(batch.calls))
        kept = [call for call in calls if not _names(call, erased)]
        if not kept:
            batch.delete()
        elif len(kept) < len(calls):
            batches.filter(pk=batch.pk).update(calls=pack(kept), size=len(kept))


def _names(call: Call, erased: set[Name]) -> bool:
    return not erased.isdisjoint(names_in([call]))
