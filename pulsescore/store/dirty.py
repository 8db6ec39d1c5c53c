"""Marks on customers whose score may have changed: made here, claimed by the scoring stage."""

from collections.abc import Iterable

from pulsescore.store import statements


def mark(org_id: int, customer_ids: Iterable[int]) -> int:
    """Mark customers, in the transaction that changed them; returns how many are marked."""
    ids = list(customer_ids)
    if not ids:
        return 0
    return statements.run(statements.MARK_DIRTY, {"org_id": org_id, "ids": ids})


def mark_all(org_id: int) -> int:
    """Mark every customer of the organization."""
    return statements.run(statements.MARK_ALL_DIRTY, {"org_id": org_id})


def claim(org_id: int, limit: int) -> list[int]:
    """Take up to `limit` marks, oldest first.

    Call it in the transaction that rescores: if that fails, the marks are back.
    """
    rows = statements.fetch(statements.CLAIM_DIRTY, {"org_id": org_id, "limit": limit})
    return [customer_id for (customer_id,) in rows]


def orgs_with_marks() -> list[int]:
    """The organizations that have something to rescore."""
    return [org_id for (org_id,) in statements.fetch(statements.ORGS_WITH_MARKS, {})]
