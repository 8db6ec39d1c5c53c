"""Marks on customers and companies that were looked at; the segments stage claims them.

Whatever changed of a customer came through here, a moved score or not: attributes, tags,
conversations and events decide over segments too.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

# As in `store.dirty`: a mark that exists is locked, so that it waits for a claim under way.
_MARK: Final = """
    INSERT INTO scoring_scoredcustomer (customer_id, org_id, marked_at)
    SELECT c.id, c.org_id, now() FROM store_customer AS c
    WHERE c.org_id = %(org_id)s AND c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id
    ON CONFLICT (customer_id) DO UPDATE SET marked_at = excluded.marked_at WHERE FALSE
"""
_MARK_COMPANIES: Final = """
    INSERT INTO scoring_scoredcompany (company_id, org_id)
    SELECT c.id, c.org_id FROM store_company AS c
    WHERE c.org_id = %(org_id)s AND c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id
    ON CONFLICT (company_id) DO UPDATE SET org_id = excluded.org_id WHERE FALSE
"""
_CLAIM: Final = """
    DELETE FROM scoring_scoredcustomer WHERE customer_id = ANY(ARRAY(
        SELECT customer_id FROM scoring_scoredcustomer WHERE org_id = %(org_id)s
        ORDER BY org_id, marked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ))
    RETURNING customer_id
"""
_CLAIM_COMPANIES: Final = """
    DELETE FROM scoring_scoredcompany WHERE company_id = ANY(ARRAY(
        SELECT company_id FROM scoring_scoredcompany WHERE org_id = %(org_id)s
        ORDER BY org_id, company_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ))
    RETURNING company_id
"""
_ORGS: Final = """
    SELECT id FROM accounts_organization AS org WHERE deleted_at IS NULL AND (
        EXISTS (SELECT FROM scoring_scoredcustomer WHERE org_id = org.id)
        OR EXISTS (SELECT FROM scoring_scoredcompany WHERE org_id = org.id)
    )
"""


def mark(org_id: int, customer_ids: Iterable[int]) -> None:
    """Mark customers, in the transaction that scored them."""
    ids = list(customer_ids)
    if ids:
        _run(_MARK, {"org_id": org_id, "ids": ids})


def mark_companies(org_id: int, company_ids: Iterable[int]) -> None:
    """Mark companies, in the transaction that rolled them up."""
    ids = list(company_ids)
    if ids:
        _run(_MARK_COMPANIES, {"org_id": org_id, "ids": ids})


def claim(org_id: int, limit: int) -> list[int]:
    """Take up to `limit` marks, oldest first, in the transaction that looks at them."""
    return _ids(_CLAIM, {"org_id": org_id, "limit": limit})


def claim_companies(org_id: int, limit: int) -> list[int]:
    """Take up to `limit` marks of companies, in the transaction that looks at them."""
    return _ids(_CLAIM_COMPANIES, {"org_id": org_id, "limit": limit})


def orgs_with_marks() -> list[int]:
    """The organizations in which somebody waits to be looked at."""
    return _ids(_ORGS, {})


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _ids(statement: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [found for (found,) in cursor.fetchall()]
