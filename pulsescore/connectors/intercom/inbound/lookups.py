"""What a batch names and the store does not know yet is asked for by its id."""

import asyncio
from collections.abc import Container, Sequence
from datetime import datetime
from typing import Final, Literal

from django.db import connection

from pulsescore.connectors.intercom.absence import TOO_YOUNG, is_young
from pulsescore.connectors.intercom.api.errors import (
    CANNOT_BE_READ,
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
from pulsescore.store.records import DeletionRecord, MergeRecord, ObjectKind

_LONGEST_CHAIN = 5
_SEARCHED = 100

_TABLES: Final[dict[ObjectKind, str]] = {"customer": "store_customer", "company": "store_company"}
# Which ids are neither stored nor waiting nor known to be gone. LIMIT and the comparison of the
# organization outside keep each a probe of the identity key: while an import is young the planner
# believes in a row or two, and would read all of them for each id.
_NOT_STORED: Final[dict[ObjectKind, str]] = {
    kind: f"""
    SELECT wanted.id
    FROM unnest(%(ids)s::text[]) AS wanted (id)
    LEFT JOIN LATERAL (
        SELECT one.org_id FROM {table} AS one
        WHERE one.source_id = %(source_id)s AND one.external_id = wanted.id LIMIT 1
    ) AS stored ON TRUE
    LEFT JOIN LATERAL (
        SELECT one.org_id FROM store_heldrecord AS one
        WHERE one.source_id = %(source_id)s AND one.kind = %(kind)s
          AND one.external_id = wanted.id AND stored.org_id IS NULL LIMIT 1
    ) AS held ON TRUE
    LEFT JOIN LATERAL (
        SELECT one.org_id FROM store_tombstone AS one
        WHERE one.source_id = %(source_id)s AND one.kind = %(kind)s
          AND one.external_id = wanted.id AND stored.org_id IS NULL LIMIT 1
    ) AS gone ON TRUE
    WHERE (coalesce(stored.org_id, held.org_id, gone.org_id) = %(org_id)s) IS NOT TRUE
    """
    for kind, table in _TABLES.items()
}


async def missing_contacts(job: Job, pieces: list[Piece]) -> list[Piece]:
    """Contacts that the conversations name and that were never seen; each is asked for once.

    Who was named only lately and is not found may not be readable yet: nothing is concluded.
    """
    unknown = await _unknown(job, "customer", contacts_in(pieces))
    if not unknown:
        return []
    named_lately = contacts_in(pieces, updated_since=job.now() - TOO_YOUNG)
    return await fetch_contacts(job, unknown, too_young=named_lately)


async def missing_companies(job: Job, pieces: list[Piece]) -> list[Piece]:
    """Companies that the contacts name and that were never seen."""
    unknown = await _unknown(job, "company", companies_in(pieces))
    if not unknown:
        return []
    named_lately = companies_in(pieces, updated_since=job.now() - TOO_YOUNG)
    found = await asyncio.gather(
        *(fetch_company(job, one, is_too_young=one in named_lately) for one in unknown)
    )
    return [piece for piece in found if piece is not None]


async def fetch_contacts(
    job: Job, ids: Sequence[str], *, depth: int = 0, too_young: Container[str] = ()
) -> list[Piece]:
    """Contacts by id as they are now: there, gone, or merged into another that is fetched too.

    Those `too_young` are not gone if they are not found.
    """
    groups = [ids[start : start + _SEARCHED] for start in range(0, len(ids), _SEARCHED)]
    answers = await asyncio.gather(*(_search(job, group) for group in groups))
    listed = [piece for piece in answers if piece is not None]
    found = {str(full.contact.id) for piece in listed for full in piece.contacts}
    found |= {broken.external_id for piece in listed for broken in piece.unreadable}
    others = await asyncio.gather(
        *(
            _fetch_unlisted(job, one, depth=depth, is_too_young=one in too_young)
            for one in ids
            if one not in found
        )
    )
    return [piece for pieces in (*others, listed) for piece in pieces]


async def _search(job: Job, ids: Sequence[str]) -> Piece | None:
    """Those of the contacts that a search shows, which leaves archived ones out.

    None where the server lets nobody search for ids.
    """
    form = job.id_search.form
    if form is None:
        return None
    asked_at = job.now()
    try:
        page = await job.client.search_contacts(form(ids), per_page=_SEARCHED)
    except RequestRefused:
        job.id_search.refused(form)
        return await _search(job, ids)
    return Piece(
        "contacts",
        "customer",
        asked_at,
        size=0,
        contacts=await complete(job, page.items),
        unreadable=page.unreadable,
    )


async def _fetch_unlisted(
    job: Job, contact_id: str, *, depth: int, is_too_young: bool
) -> list[Piece]:
    """A contact that no search shows: gone, merged, archived, or too new to be found.

    An archived contact can still be read by its id, so that alone proves no life; but where no
    search can be asked, what is read is believed.
    """
    asked_at = job.now()
    try:
        contact = await job.client.get_contact(contact_id)
    except NotFoundThere:
        return [] if is_too_young else [_gone(contact_id, asked_at, "deleted")]
    except ContactMerged as merged:
        return await _follow_merge(job, contact_id, merged.target, depth=depth)
    except CANNOT_BE_READ:
        return []
    except UnreadableAnswer as error:
        broken = Unreadable(contact_id, error.failure.message)
        return [Piece("contacts", "customer", asked_at, size=0, unreadable=[broken])]
    if job.id_search.form is not None and not is_young(contact, before=asked_at):
        return [_gone(contact_id, asked_at, "archived")]
    contacts = await complete(job, [contact])
    return [Piece("contacts", "customer", asked_at, size=0, contacts=contacts)]


def _gone(contact_id: str, at: datetime, reason: Literal["deleted", "archived"]) -> Piece:
    record = DeletionRecord(kind="customer", external_id=contact_id, at=at, reason=reason)
    return Piece("contacts", "customer", at, size=0, records=[record])


async def fetch_company(job: Job, company_id: str, *, is_too_young: bool = False) -> Piece | None:
    """A company by id as it is now, or that it is gone; None where it may not be read.

    One that `is_too_young` is not gone if it is not found.
    """
    observed_at = job.now()
    try:
        company = await job.client.get_company(company_id)
    except NotFoundThere:
        if is_too_young:
            return None
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
        return [_gone(contact_id, at, "deleted")]
    merge = MergeRecord(source=contact_id, target=target, at=at)
    survivors = await _unknown(job, "customer", {target})
    return [
        *await fetch_contacts(job, survivors, depth=depth + 1),
        Piece("contacts", "customer", at, size=0, records=[merge]),
    ]


async def _unknown(job: Job, kind: ObjectKind, ids: set[str]) -> list[str]:
    wanted = {one for one in ids if f"{kind}:{one}" not in job.looked_up}
    if not wanted:
        return []
    unknown = await job.database.run(_not_stored, job, kind, wanted)
    job.looked_up.update(f"{kind}:{one}" for one in unknown)
    return sorted(unknown)


def _not_stored(job: Job, kind: ObjectKind, ids: set[str]) -> set[str]:
    scope = {
        "org_id": job.org_id,
        "source_id": job.source_id,
        "kind": kind,
        "ids": list(ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOT_STORED[kind], scope)
        return {row[0] for row in cursor.fetchall()}
