"""Marks on customers and companies whose score may have changed; the scoring stage claims them."""

from collections.abc import Iterable

from pulsescore.store import mark_statements, statements


def mark(org_id: int, customer_ids: Iterable[int]) -> int:
    """Mark customers, in the transaction that changed them; returns how many had no mark.

    Whoever is not of the organization is passed over.
    """
    return _mark(mark_statements.MARK_DIRTY, org_id, customer_ids)


def mark_own(org_id: int, customer_ids: Iterable[int]) -> int:
    """The same for customers whom this transaction has found in the organization, or stored there.

    The database does not look them up once more.
    """
    return _mark(mark_statements.MARK_OWN, org_id, customer_ids)


def mark_all(org_id: int) -> int:
    """Mark every customer of the organization; returns how many had no mark."""
    return statements.run(mark_statements.MARK_ALL_DIRTY, {"org_id": org_id})


def claim(org_id: int, limit: int) -> list[int]:
    """Take up to `limit` marks, oldest first.

    Call it in the transaction that rescores: if that fails, the marks are back.
    """
    rows = statements.fetch(mark_statements.CLAIM_DIRTY, {"org_id": org_id, "limit": limit})
    return [customer_id for (customer_id,) in rows]


def mark_companies(org_id: int, company_ids: Iterable[int]) -> int:
    """Mark companies, in the transaction that changed who belongs to them.

    Returns how many had no mark.
    """
    return _mark(mark_statements.MARK_COMPANIES, org_id, company_ids)


def mark_companies_of(org_id: int, customer_ids: Iterable[int]) -> int:
    """Mark the companies of customers, in the transaction that scored them.

    Returns how many had no mark.
    """
    return _mark(mark_statements.MARK_COMPANIES_OF, org_id, customer_ids)


def mark_members(org_id: int, company_ids: Iterable[int]) -> int:
    """Mark the customers of companies, in the transaction that changed those."""
    params = {"org_id": org_id, "ids": list(company_ids)}
    return mark(org_id, (one for (one,) in statements.fetch(mark_statements.MEMBERS_OF, params)))


def claim_companies(org_id: int, limit: int) -> list[int]:
    """Take up to `limit` marks of companies; call it in the transaction that rolls them up."""
    rows = statements.fetch(mark_statements.CLAIM_COMPANIES, {"org_id": org_id, "limit": limit})
    return [company_id for (company_id,) in rows]


def unmark_companies(org_id: int, company_ids: Iterable[int]) -> None:
    """Drop the marks of companies that are rolled up anyway, in that transaction."""
    statements.run(mark_statements.DROP_COMPANY_MARKS, {"org_id": org_id, "ids": list(company_ids)})


def orgs_with_marks() -> list[int]:
    """The organizations that have something to rescore."""
    return [org_id for (org_id,) in statements.fetch(mark_statements.ORGS_WITH_MARKS, {})]


def _mark(statement: str, org_id: int, some_ids: Iterable[int]) -> int:
    ids = list(some_ids)
    return statements.run(statement, {"org_id": org_id, "ids": ids}) if ids else 0
