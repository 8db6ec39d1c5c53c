"""Rows that join things: customers to their companies, conversations to their people.

The names that the source told are kept with the owner; links are derived from them. Names that are
not known yet stay in the owner's `unknown_…` column until they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pulsescore.core import bulk_sql
from pulsescore.store import statements
from pulsescore.store.batch import Batch


@dataclass(frozen=True)
class LinkTable:
    """One kind of link; `unknown` is the owner's column of names that are not known yet.

    `told` is the condition for links (`l`) that the batch's source may take back.
    """

    table: str
    owners: str
    owner: str
    target: str
    unknown: str
    told: str = "TRUE"


MEMBERS = LinkTable(
    table="store_companymember",
    owners="store_customer",
    owner="customer_id",
    target="company_id",
    unknown="unknown_companies",
    # what another source told of the customer's companies is not for this one to take back
    told="""EXISTS (
            SELECT 1 FROM store_company c
            WHERE c.id = l.company_id AND c.source_id = %(source_id)s AND c.org_id = l.org_id)""",
)
PARTICIPANTS = LinkTable(
    table="store_participant",
    owners="store_conversation",
    owner="conversation_id",
    target="customer_id",
    unknown="unknown_contacts",
)


def insert(batch: Batch, links: LinkTable, pairs: Sequence[tuple[int, int]]) -> None:
    """Join new owners, which have no links yet."""
    if pairs:
        columns = ("org_id", links.owner, links.target)
        bulk_sql.copy_rows(links.table, columns, ((batch.org_id, *pair) for pair in pairs))


def replace(
    batch: Batch, links: LinkTable, targets_of: Mapping[int, Iterable[int]]
) -> list[tuple[int, int]]:
    """Give owners exactly these links; returns the (owner, target) pairs that came or went."""
    if not targets_of:
        return []
    pairs = [(owner, target) for owner, targets in targets_of.items() for target in targets]
    params = {
        **batch.scope,
        "all_owners": list(targets_of),
        "owners": [owner for owner, _ in pairs],
        "targets": [target for _, target in pairs],
    }
    gone = statements.fetch(_drop_others(links), params)
    come = statements.fetch(_put_missing(links), params)
    return [(owner, target) for owner, target in (*gone, *come)]


def join_newcomers(
    batch: Batch, links: LinkTable, known: Mapping[str, int]
) -> list[tuple[int, int]]:
    """Link stored owners to what they name and what just became known; returns the new pairs."""
    if not known:
        return []
    params = {
        **batch.scope,
        "names": list(known),
        "targets": list(known.values()),
    }
    joined = statements.fetch(_join(links), params)
    statements.run(_forget_unknown(links), params)
    return [(owner, target) for owner, target in joined]


def _drop_others(links: LinkTable) -> str:
    return f"""
        DELETE FROM {links.table} l
        WHERE l.org_id = %(org_id)s AND l.{links.owner} = ANY(%(all_owners)s) AND {links.told}
          AND NOT EXISTS (
            SELECT 1 FROM unnest(%(owners)s::bigint[], %(targets)s::bigint[]) AS k(owner, target)
            WHERE k.owner = l.{links.owner} AND k.target = l.{links.target})
        RETURNING l.{links.owner}, l.{links.target}
    """


def _put_missing(links: LinkTable) -> str:
    return f"""
        INSERT INTO {links.table} (org_id, {links.owner}, {links.target})
        SELECT %(org_id)s, owner, target
        FROM unnest(%(owners)s::bigint[], %(targets)s::bigint[]) AS k(owner, target)
        ON CONFLICT ({links.owner}, {links.target}) DO NOTHING
        RETURNING {links.owner}, {links.target}
    """


# The partial GIN index on the unknown names finds the owners that wait.
def _join(links: LinkTable) -> str:
    return f"""
        INSERT INTO {links.table} (org_id, {links.owner}, {links.target})
        SELECT DISTINCT %(org_id)s::bigint, o.id, k.target
        FROM {links.owners} o CROSS JOIN LATERAL unnest(o.{links.unknown}) AS u(missing)
        JOIN unnest(%(names)s::text[], %(targets)s::bigint[]) AS k(name, target)
          ON k.name = u.missing
        WHERE o.org_id = %(org_id)s AND o.source_id = %(source_id)s
          AND o.{links.unknown} IS NOT NULL AND o.{links.unknown} && %(names)s::text[]
        ON CONFLICT ({links.owner}, {links.target}) DO NOTHING
        RETURNING {links.owner}, {links.target}
    """


def _forget_unknown(links: LinkTable) -> str:
    return f"""
        UPDATE {links.owners} o
        SET updated_at = %(now)s, {links.unknown} = (
            SELECT nullif(array_agg(missing), '{{}}') FROM unnest(o.{links.unknown}) AS u(missing)
            WHERE missing <> ALL(%(names)s::text[]))
        WHERE o.org_id = %(org_id)s AND o.source_id = %(source_id)s
          AND o.{links.unknown} IS NOT NULL AND o.{links.unknown} && %(names)s::text[]
    """
