"""Which companies the contacts of a batch are to belong to in Intercom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import statements

# Companies of ingested people, with the company of the workspace that has the same key, if any.
_LINKS = """
    SELECT member.customer_id, company.id, twin.external_id
    FROM store_companymember AS member
    JOIN store_company AS company ON company.id = member.company_id
      AND company.org_id = %(org_id)s AND company.source_id <> %(source_id)s
      AND company.company_key IS NOT NULL AND company.deleted_at IS NULL
    JOIN store_source AS source ON source.id = company.source_id AND source.kind = 'ingest'
      AND source.org_id = %(org_id)s
    LEFT JOIN store_company AS twin ON twin.org_id = %(org_id)s
      AND twin.source_id = %(source_id)s AND twin.company_key = company.company_key
      AND twin.deleted_at IS NULL
    WHERE member.org_id = %(org_id)s AND member.customer_id = ANY(%(ids)s::bigint[])
    ORDER BY member.customer_id, company.id
"""


@dataclass(frozen=True, kw_only=True)
class Links:
    """By customer: `known` companies by Intercom's ids, `unknown` ones by ours."""

    known: Mapping[int, frozenset[str]] = field(default_factory=dict)
    unknown: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, customer_ids: Iterable[int]) -> Self:
        """The companies that we know people to belong to, beside those that Intercom told."""
        scope = {"org_id": connection.org_id, "source_id": connection.source_id}
        rows = statements.fetch(_LINKS, {**scope, "ids": list(customer_ids)})
        known: dict[int, set[str]] = {}
        unknown: dict[int, list[int]] = {}
        for customer_id, company_id, external_id in rows:
            if external_id is None:
                unknown.setdefault(customer_id, []).append(company_id)
            else:
                known.setdefault(customer_id, set()).add(external_id)
        return cls(
            known={one: frozenset(ids) for one, ids in known.items()},
            unknown={one: tuple(ids) for one, ids in unknown.items()},
        )
