"""What lists show of customers beside their own rows, for many at once."""

from collections.abc import Sequence
from typing import Any

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.store import statements
from pulsescore.store.models import Company, Customer

SAMPLE = 300
_OPEN = """
    SELECT p.customer_id, count(*)
    FROM store_participant AS p
    JOIN store_conversation AS c ON c.id = p.conversation_id AND c.org_id = %(org_id)s
    WHERE p.org_id = %(org_id)s AND p.customer_id = ANY(%(ids)s::bigint[])
        AND c.status = 'open' AND c.deleted_at IS NULL
    GROUP BY p.customer_id
"""
# The newest customers tell which custom attributes an organization has; index: by created_at.
_ATTRIBUTES = """
    SELECT DISTINCT jsonb_object_keys(metadata) AS name FROM (
        SELECT metadata FROM store_customer
        WHERE org_id = %(org_id)s AND deleted_at IS NULL AND jsonb_typeof(metadata) = 'object'
        ORDER BY created_at DESC, id DESC
        LIMIT %(sample)s
    ) AS newest
    ORDER BY name
"""
_OWNERS = """
    SELECT id, owner_external_id FROM store_customer
    WHERE org_id = %(org_id)s AND id = ANY(%(ids)s::bigint[]) AND owner_external_id IS NOT NULL
"""


def open_counts(org_id: int, ids: Sequence[int]) -> dict[int, int]:
    """How many conversations of each customer are open; who has none is left out."""
    return _by_id(_OPEN, org_id, ids)


def owners_of(org_id: int, ids: Sequence[int]) -> dict[int, str]:
    """The id, at the source, of the admin who owns each customer; who has none is left out."""
    return _by_id(_OWNERS, org_id, ids)


def attribute_names(org_id: int) -> list[str]:
    """The custom attributes that the newest customers have, by name."""
    return [name for (name,) in statements.fetch(_ATTRIBUTES, {"org_id": org_id, "sample": SAMPLE})]


def companies_beginning(org_id: int, text: str, *, limit: int = 20) -> list[Company]:
    """Companies whose name begins so, by name; those that exist no more are left out."""
    found = Company.objects.for_org(org_id).filter(deleted_at=None, name__istartswith=text)
    return list(found.order_by("name", "id")[:limit])


def company_named(org_id: int, name: str) -> int:
    """The id of the company of that name, capitals aside; raises `Invalid`."""
    named = Company.objects.for_org(org_id).filter(deleted_at=None, name__iexact=name)
    found = named.order_by("id").values_list("id", flat=True).first()
    if found is None:
        raise Invalid(FieldFault("company", f"No company is called “{name}”."))
    return found


def known_ids(org_id: int, ids: Sequence[int]) -> list[int]:
    """Those of the ids that are customers of the organization and not deleted, in order of id."""
    rows = Customer.objects.for_org(org_id).filter(pk__in=ids, deleted_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _by_id(query: str, org_id: int, ids: Sequence[int]) -> dict[int, Any]:
    return dict(statements.fetch(query, {"org_id": org_id, "ids": list(ids)}))
