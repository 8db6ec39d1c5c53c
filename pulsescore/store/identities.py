"""Who is meant by the names that ingested calls carry: rows of `Identity`, looked up by name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import statements
from pulsescore.store.models import Source

INGEST: Final = "ingest"

Name = tuple[str, str]
"""A kind of identity, "user_id" or "anonymous_id", and its key."""

# One probe of identity_once each; a merged customer stands for the one who lives on.
_FIND = """
    SELECT named.kind, named.key, i.customer_id
    FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS named (kind, key)
    JOIN store_identity AS i
      ON i.source_id = %(source_id)s AND i.kind = named.kind AND i.key = named.key
    WHERE i.org_id = %(org_id)s
"""
# A browser may pass to another person; who was told last has it.
_PUT = """
    INSERT INTO store_identity (org_id, source_id, kind, key, customer_id, created_at)
    SELECT %(org_id)s, %(source_id)s, new.kind, new.key, c.id, %(now)s
    FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(customers)s::bigint[])
        AS new (kind, key, customer_id)
    JOIN store_customer AS c ON c.id = new.customer_id AND c.org_id = %(org_id)s
    ON CONFLICT (source_id, kind, key) DO UPDATE SET customer_id = excluded.customer_id
    WHERE store_identity.customer_id <> excluded.customer_id
"""
_NAMES_OF = """
    SELECT kind, key FROM store_identity
    WHERE org_id = %(org_id)s AND customer_id = ANY(%(ids)s::bigint[])
    UNION
    SELECT 'user_id', external_user_id FROM store_customer
    WHERE org_id = %(org_id)s AND id = ANY(%(ids)s::bigint[]) AND external_user_id IS NOT NULL
"""
_MOVE = """
    UPDATE store_identity AS i SET customer_id = m.target
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    WHERE i.org_id = %(org_id)s AND i.customer_id = m.source
"""


def ingest_source(org_id: int) -> Source:
    """The organization's source of ingested calls, made when it is first needed."""
    known = find_ingest_source(org_id)
    if known is not None:
        return known
    with transaction.atomic():
        lock_for_transaction(f"ingest-source:{org_id}")
        known = find_ingest_source(org_id)
        return known or Source.objects.for_org(org_id).create(org_id=org_id, kind=INGEST)


def find_ingest_source(org_id: int) -> Source | None:
    """The organization's source of ingested calls, if anything was ever ingested."""
    return Source.objects.for_org(org_id).filter(kind=INGEST).order_by("id").first()


def find(*, org_id: int, source_id: int, names: Iterable[Name]) -> dict[Name, int]:
    """The customers that these names mean; unknown names are left out."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    params = {**_scope(org_id, source_id), **_columns(wanted)}
    return {(kind, key): one for kind, key, one in statements.fetch(_FIND, params)}


def put(*, org_id: int, source_id: int, owners: Mapping[Name, int], now: datetime) -> None:
    """From now on these names mean these customers."""
    if not owners:
        return
    params = {**_scope(org_id, source_id), **_columns(list(owners)), "now": now}
    statements.run(_PUT, {**params, "customers": list(owners.values())})


def names_of(org_id: int, customer_ids: Iterable[int]) -> set[Name]:
    """All names by which calls know these customers, or would."""
    params = {"org_id": org_id, "ids": list(customer_ids)}
    return {(kind, key) for kind, key in statements.fetch(_NAMES_OF, params)}


def move(params: Mapping[str, object]) -> None:
    """Have the names of `sources` mean their `targets`."""
    statements.run(_MOVE, params)


def _scope(org_id: int, source_id: int) -> dict[str, object]:
    return {"org_id": org_id, "source_id": source_id}


def _columns(names: Sequence[Name]) -> dict[str, object]:
    return {"kinds": [kind for kind, _ in names], "keys": [key for _, key in names]}
