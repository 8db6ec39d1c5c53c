"""People known twice, by ingested calls and by another source, become one: the other source's row.

Who has the same id of their own is the same person, else who has the same e-mail address, a user
before a lead, who was seen first before the later.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import dirty, identities, merges, statements

# `i` are people whom only ingested calls know. A match is looked up by customer_by_user_id and
# customer_by_email, among people of other sources who exist.
_PAIRS = """
    SELECT DISTINCT ON (i.id) i.id, c.id
    FROM store_customer AS i
    CROSS JOIN LATERAL (
        SELECT o.id, o.source_id, o.contact_role, 0 AS rank FROM store_customer AS o
        WHERE o.org_id = i.org_id AND o.external_user_id = i.external_user_id
          AND o.deleted_at IS NULL
        UNION ALL
        SELECT o.id, o.source_id, o.contact_role, 1 FROM store_customer AS o
        WHERE o.org_id = i.org_id AND o.email = i.email AND o.deleted_at IS NULL
          AND (o.external_user_id IS NULL OR i.external_user_id IS NULL
               OR o.external_user_id = i.external_user_id)
    ) AS c
    WHERE i.org_id = %(org_id)s AND i.source_id = %(source_id)s AND i.deleted_at IS NULL
      AND c.source_id <> i.source_id AND {chosen}
    ORDER BY i.id, c.rank, c.contact_role <> 'user', c.id
"""
_ALL = "TRUE"
_OF_THESE = """(i.id = ANY(%(ids)s::bigint[]) OR i.id IN (
        SELECT k.id FROM store_customer AS n JOIN store_customer AS k
          ON k.org_id = n.org_id AND k.external_user_id = n.external_user_id
        WHERE n.org_id = %(org_id)s AND n.id = ANY(%(ids)s::bigint[])
        UNION
        SELECT k.id FROM store_customer AS n JOIN store_customer AS k
          ON k.org_id = n.org_id AND k.email = n.email
        WHERE n.org_id = %(org_id)s AND n.id = ANY(%(ids)s::bigint[])))"""
_MARKED = "SELECT customer_id FROM store_dirtycustomer WHERE org_id = %(org_id)s"
_SOURCES = """
    SELECT DISTINCT source_id FROM store_customer
    WHERE org_id = %(org_id)s AND id = ANY(%(ids)s::bigint[]) ORDER BY source_id
"""
# Both still exist, now that their sources are locked; nobody is handed over to two.
_STANDING = """
    SELECT DISTINCT ON (f.id) f.id, t.id
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    JOIN store_customer AS f ON f.id = m.source AND f.org_id = %(org_id)s
    JOIN store_customer AS t ON t.id = m.target AND t.org_id = %(org_id)s
    WHERE f.id <> t.id AND f.deleted_at IS NULL AND t.deleted_at IS NULL
    ORDER BY f.id, t.id
"""
_END = """
    UPDATE store_customer SET deleted_at = %(now)s, deleted_reason = 'merged'
    WHERE org_id = %(org_id)s AND id = ANY(%(sources)s::bigint[])
"""


def join(*, org_id: int, pairs: Sequence[tuple[int, int]], now: datetime) -> frozenset[int]:
    """Hand over what customers have to others, and end the first; returns whom that changed.

    Pairs of customers that exist no more, or belong to somebody else, are passed over. Both are
    marked in the same transaction.
    """
    if not pairs:
        return frozenset()
    with transaction.atomic():
        _lock(org_id, {one for pair in pairs for one in pair})
        standing = statements.fetch(_STANDING, {"org_id": org_id, **_columns(pairs)})
        sources = {source for source, _ in standing}
        final = [(source, target) for source, target in standing if target not in sources]
        if not final:
            return frozenset()
        params = {"org_id": org_id, "now": now, **_columns(final)}
        _, companies = merges.hand_over(params)
        statements.run(_END, params)
        changed = frozenset(one for pair in final for one in pair)
        dirty.mark(org_id, changed)
        dirty.mark_companies(org_id, companies)
        dirty.mark_companies_of(org_id, changed)
    return changed


def join_newcomers(*, org_id: int, customer_ids: Iterable[int], now: datetime) -> frozenset[int]:
    """Join those whom these customers, new or changed, turn out to be; returns whom that changed.

    Costs one look where nothing was ever ingested.
    """
    ids = list(customer_ids)
    return _join(org_id, _OF_THESE, ids, now=now) if ids else frozenset()


def join_marked(*, org_id: int, now: datetime) -> frozenset[int]:
    """The same for all customers that are marked as changed, and leaves the marks."""
    if identities.find_ingest_source(org_id) is None:
        return frozenset()
    marked = [one for (one,) in statements.fetch(_MARKED, {"org_id": org_id})]
    return join_newcomers(org_id=org_id, customer_ids=marked, now=now)


def join_everybody(*, org_id: int, now: datetime) -> frozenset[int]:
    """Join whoever is known twice in the organization: heals what a lost race left."""
    return _join(org_id, _ALL, [], now=now)


def _join(org_id: int, chosen: str, ids: list[int], *, now: datetime) -> frozenset[int]:
    source = identities.find_ingest_source(org_id)
    if source is None:
        return frozenset()
    params = {"org_id": org_id, "source_id": source.pk, "ids": ids}
    pairs = statements.fetch(_PAIRS.format(chosen=chosen), params)
    return join(org_id=org_id, pairs=[(one, other) for one, other in pairs], now=now)


def _lock(org_id: int, ids: set[int]) -> None:
    found = statements.fetch(_SOURCES, {"org_id": org_id, "ids": list(ids)})
    for (source_id,) in found:
        lock_for_transaction(f"source:{source_id}")


def _columns(pairs: Sequence[tuple[int, int]]) -> dict[str, list[int]]:
    return {"sources": [one for one, _ in pairs], "targets": [other for _, other in pairs]}
