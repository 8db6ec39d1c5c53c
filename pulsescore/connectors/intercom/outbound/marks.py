"""Marks on customers and companies whose place in Intercom may differ now; planning claims them.

Only connections that may write and have settings get marks: for all others marking is one
statement that writes nothing. A person of a workspace belongs to the connection of that workspace;
one known by ingestion alone, to every connection that sends.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection as database
from django.db import transaction

_SENDING: Final = """
    intercom_connection AS c
    JOIN intercom_outbound_outboundsettings AS s
      ON s.connection_id = c.id AND s.org_id = %(org_id)s
"""
# What is gone is looked at, too: it may have to be sent anew, or be left alone.
_THEIRS: Final = """
    c.org_id = %(org_id)s AND c.mode = 'two_way' AND c.status <> 'disconnected'
    AND (one.source_id = c.source_id OR EXISTS (
        SELECT 1 FROM store_source AS source
        WHERE source.id = one.source_id AND source.org_id = %(org_id)s AND source.kind = 'ingest'
    ))
"""
_MARK: Final = f"""
    INSERT INTO intercom_outbound_outboundmark (org_id, connection_id, customer_id)
    SELECT c.org_id, c.id, one.id
    FROM {_SENDING} JOIN store_customer AS one ON one.org_id = %(org_id)s
    WHERE {_THEIRS} AND one.id = ANY(%(ids)s)
    ORDER BY c.id, one.id
    ON CONFLICT (connection_id, customer_id) DO UPDATE SET is_automatic = TRUE
"""
_MARK_COMPANIES: Final = f"""
    INSERT INTO intercom_outbound_companymark (org_id, connection_id, company_id)
    SELECT c.org_id, c.id, one.id
    FROM {_SENDING} JOIN store_company AS one ON one.org_id = %(org_id)s
    WHERE {_THEIRS} AND one.id = ANY(%(ids)s) AND cardinality(s.company_segments) > 0
    ORDER BY c.id, one.id
    ON CONFLICT (connection_id, company_id) DO UPDATE SET is_automatic = TRUE
"""


def mark(org_id: int, customer_ids: Iterable[int]) -> int:
    """Mark customers, in the transaction that changed them; returns how many marks there are."""
    return _run(_MARK, {"org_id": org_id, "ids": list(customer_ids)})


def mark_companies(org_id: int, company_ids: Iterable[int]) -> int:
    """Mark companies, in the transaction that changed them; returns how many marks there are."""
    return _run(_MARK_COMPANIES, {"org_id": org_id, "ids": list(company_ids)})


def _run(statement: str, parameters: dict[str, Any]) -> int:
    if not parameters["ids"]:
        return 0
    with transaction.atomic(savepoint=False), database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
