"""The SQL of marks: whose score, and whose roll-up, is to be worked out anew."""

from pulsescore.store.statements import by_ids

# Sorted, because another transaction may be marking the same customers.
# A mark that exists is locked, not left alone: only that waits for a claim under way, which may
# have read the customer before this transaction's change. Nothing of it changes: writing it again
# would cost three times as much.
_STAYS_MARKED = """
    ON CONFLICT (customer_id) DO UPDATE SET marked_at = excluded.marked_at WHERE FALSE
"""
MARK_DIRTY = f"""
    INSERT INTO store_dirtycustomer (customer_id, org_id, marked_at)
    SELECT id, %(org_id)s::bigint, now()
    FROM ({by_ids("store_customer", "t.id")}) AS own ORDER BY id {_STAYS_MARKED}
"""

# The same for customers whom this transaction has just found to be the organization's, or stored.
MARK_OWN = f"""
    INSERT INTO store_dirtycustomer (customer_id, org_id, marked_at)
    SELECT id, %(org_id)s, now() FROM unnest(%(ids)s::bigint[]) AS own(id) ORDER BY id
    {_STAYS_MARKED}
"""

MARK_ALL_DIRTY = f"""
    INSERT INTO store_dirtycustomer (customer_id, org_id, marked_at)
    SELECT id, org_id, now() FROM store_customer WHERE org_id = %(org_id)s ORDER BY id
    {_STAYS_MARKED}
"""

# Oldest marks first (index dirty_oldest_first); marks that another worker holds are its own.
CLAIM_DIRTY = """
    DELETE FROM store_dirtycustomer WHERE customer_id IN (
        SELECT customer_id FROM store_dirtycustomer WHERE org_id = %(org_id)s
        ORDER BY org_id, marked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    RETURNING customer_id
"""

# As with customers: a mark that exists is locked, so that it waits for a claim under way.
MARK_COMPANIES = """
    INSERT INTO store_dirtycompany (company_id, org_id)
    SELECT c.id, c.org_id FROM store_company AS c
    WHERE c.org_id = %(org_id)s AND c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id
    ON CONFLICT (company_id) DO UPDATE SET org_id = excluded.org_id WHERE FALSE
"""

# The companies of customers, one probe of company_member_once each.
MARK_COMPANIES_OF = """
    INSERT INTO store_dirtycompany (company_id, org_id)
    SELECT DISTINCT m.company_id, m.org_id
    FROM unnest(%(ids)s::bigint[]) AS member(id)
    JOIN store_companymember AS m ON m.customer_id = member.id
    WHERE m.org_id = %(org_id)s ORDER BY m.company_id
    ON CONFLICT (company_id) DO UPDATE SET org_id = excluded.org_id WHERE FALSE
"""

# The customers of companies; an index on the company serves.
MEMBERS_OF = """
    SELECT DISTINCT customer_id FROM store_companymember
    WHERE org_id = %(org_id)s AND company_id = ANY(%(ids)s::bigint[])
"""

CLAIM_COMPANIES = """
    DELETE FROM store_dirtycompany WHERE company_id IN (
        SELECT company_id FROM store_dirtycompany WHERE org_id = %(org_id)s
        ORDER BY org_id, company_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    RETURNING company_id
"""

DROP_COMPANY_MARKS = """
    DELETE FROM store_dirtycompany WHERE org_id = %(org_id)s AND company_id = ANY(%(ids)s::bigint[])
"""


def _orgs_with(marks: str) -> str:
    """A loose index scan: one step per organization with marks, not one per mark."""
    return f"""
        WITH RECURSIVE marked(org_id) AS (
            (SELECT org_id FROM {marks} ORDER BY org_id LIMIT 1)
            UNION ALL
            SELECT (SELECT d.org_id FROM {marks} d WHERE d.org_id > marked.org_id
                    ORDER BY d.org_id LIMIT 1)
            FROM marked WHERE marked.org_id IS NOT NULL
        )
        SELECT org_id FROM marked WHERE org_id IS NOT NULL
    """


ORGS_WITH_MARKS = (
    f"({_orgs_with('store_dirtycustomer')}) UNION ({_orgs_with('store_dirtycompany')})"
)
