"""What a batch names and the store does not know yet is asked for by its id."""

import asyncio

from pulsescore.connectors.intercom.api.errors import (
    ContactMerged,
    NotFoundThere,
    PermanentApiError,
    RequestRefused,
    TokenRefused,
    UnreadableAnswer,
)
from pulsescore.connectors.intercom.api.pages import Unreadable
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.lists import complete
from pulsescore.connectors.intercom.inbound.pieces import Piece, companies_in, contacts_in
from pulsescore.store.models import Company, Customer, HeldRecord, SourcedModel, Tombstone
from pulsescore.store.records import DeletionRecord, MergeRecord, ObjectKind

_LONGEST_CHAIN = 5


async def missing_contacts(job: Job, pieces: list[Piece]) -> list[Piece]:
    """Contacts that the conversations name and that were never seen; each is asked for once."""
    unknown = await _unknown(job, "customer", contacts_in(pieces))
    found = await asyncio.gather(*(fetch_contact(job, one) for one in unknown))
    return [piece for pieces_of_one in found for piece in pieces_of_one]


async def missing_companies(job: Job, pieces: list[Piece]) -> list[Piece]:
    """Companies that the contacts name and that were never seen."""
    unknown = await _unknown(job, "company", companies_in(pieces))
    found = await asyncio.gather(*(fetch_company(job, one) for one in unknown))
    return [piece for piece in found if piece is not None]


async def fetch_contact(job: Job, contact_id: str, *, depth: int = 0) -> list[Piece]:
    """A contact by id as it is now: there, gone, or merged into another that is fetched too.

    An archived contact can still be read by id, so this read proves no life.
    """
    observed_at = job.now()
    try:
        contacts = await complete(job, [await job.client.get_contact(contact_id)])
    except NotFoundThere:
        gone = DeletionRecord(kind="customer", external_id=contact_id, at=observed_at)
        return [Piece("contacts", "customer", observed_at, size=0, records=[gone])]
    except ContactMerged as merged:
        return await _follow_merge(job, contact_id, merged.target, depth=depth)
    except RequestRefused:
        return []
    except UnreadableAnswer as error:
        broken = Unreadable(contact_id, error.failure.message)
        return [Piece("contacts", "customer", observed_at, size=0, unreadable=[broken])]
    return [Piece("contacts", "customer", observed_at, size=0, contacts=contacts)]


async def fetch_company(job: Job, company_id: str) -> Piece | None:
    """A company by id as it is now, or that it is gone; None where it may not be read."""
    observed_at = job.now()
    try:
        company = await job.client.get_company(company_id)
    except NotFoundThere:
        gone = DeletionRecord(kind="company", external_id=company_id, at=observed_at)
        return Piece("companies", "company", observed_at, size=0, records=[gone])
    except UnreadableAnswer as error:
        broken = Unreadable(company_id, error.failure.message)
        return Piece("companies", "company", observed_at, size=0, unreadable=[broken])
    except TokenRefused:
        raise
    except PermanentApiError:
        return None
    return Piece("companies", "company", observed_at, size=0, companies=[company])


async def _follow_merge(
    job: Job, contact_id: str, target: str | None, *, depth: int
) -> list[Piece]:
    at = job.now()
    if target is None or target == contact_id or depth >= _LONGEST_CHAIN:
        gone = DeletionRecord(kind="customer", external_id=contact_id, at=at)
        return [Piece("contacts", "customer", at, size=0, records=[gone])]
    merge = MergeRecord(source=contact_id, target=target, at=at)
    survivor = await _unknown(job, "customer", {target})
    pieces = [Piece("contacts", "customer", at, size=0, records=[merge])]
    for one in survivor:
        pieces = [*await fetch_contact(job, one, depth=depth + 1), *pieces]
    return pieces


async def _unknown(job: Job, kind: ObjectKind, ids: set[str]) -> list[str]:
    wanted = {one for one in ids if f"{kind}:{one}" not in job.looked_up}
    if not wanted:
        return []
    unknown = await job.database.run(_not_stored, job, kind, wanted)
    job.looked_up.update(f"{kind}:{one}" for one in unknown)
    return sorted(unknown)


def _not_stored(job: Job, kind: ObjectKind, ids: set[str]) -> set[str]:
    model: type[SourcedModel] = Customer if kind == "customer" else Company
    here = {"source_id": job.source_id, "external_id__in": list(ids)}
    unknown = set(ids)
    rows = model.objects.for_org(job.org_id).filter(**here)
    unknown -= set(rows.values_list("external_id", flat=True))
    for waiting in (HeldRecord, Tombstone):
        if unknown:
            others = waiting.objects.for_org(job.org_id).filter(**here, kind=kind)
            unknown -= set(others.values_list("external_id", flat=True))
    return unknown
