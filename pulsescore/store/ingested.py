"""People and companies whom only ingested calls tell of: rows of the organization's ingest source.

Everything here runs in the transaction of one application of calls, under the locks that
`lock_sources` takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import dirty, statements
from pulsescore.store.identities import Name
from pulsescore.store.sources import list_sources


class Scope(NamedTuple):
    """Whose rows, of which source, and when."""

    org_id: int
    source_id: int
    now: datetime

    @property
    def params(self) -> dict[str, Any]:
        """Parameters that every statement carries."""
        return self._asdict()


class NewPerson(NamedTuple):
    """Somebody not known yet; `user_id` is their own id, None for a lead."""

    external_id: str
    user_id: str | None
    at: datetime


class Match(NamedTuple):
    """A customer found by e-mail address."""

    customer_id: int
    user_id: str | None
    is_ingested: bool


# customer_by_user_id and customer_by_email serve. Another source's customer comes first: who is
# known there is known best.
_BY_USER_ID = """
    SELECT DISTINCT ON (o.external_user_id) o.external_user_id, o.id FROM store_customer AS o
    WHERE o.org_id = %(org_id)s AND o.external_user_id = ANY(%(keys)s::text[])
      AND o.deleted_at IS NULL
    ORDER BY o.external_user_id, o.source_id = %(source_id)s, o.contact_role <> 'user', o.id
"""
_BY_EMAIL = """
    SELECT DISTINCT ON (o.email) o.email, o.id, o.external_user_id, o.source_id = %(source_id)s
    FROM store_customer AS o
    WHERE o.org_id = %(org_id)s AND o.email = ANY(%(keys)s::text[]) AND o.deleted_at IS NULL
    ORDER BY o.email, o.source_id = %(source_id)s, o.contact_role <> 'user', o.id
"""
_CREATE = """
    INSERT INTO store_customer (org_id, source_id, external_id, external_user_id, contact_role,
                                observed_at, confirmed_at, created_at, updated_at, first_seen_at,
                                last_seen_at, tags, metadata, attributes, company_external_ids)
    SELECT %(org_id)s, %(source_id)s, new.external_id, new.user_id,
           CASE WHEN new.user_id IS NULL THEN 'lead' ELSE 'user' END, %(now)s, %(now)s, %(now)s,
           %(now)s, new.at, new.at, '{}', '{}', '{}', '{}'
    FROM unnest(%(externals)s::text[], %(user_ids)s::text[], %(ats)s::timestamptz[])
        AS new (external_id, user_id, at)
    ON CONFLICT (source_id, external_id) DO UPDATE SET observed_at = excluded.observed_at
    RETURNING external_id, id
"""
# A lead that turns out to be a user.
_ADOPT = """
    UPDATE store_customer AS c
    SET external_user_id = new.user_id, contact_role = 'user', updated_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(user_ids)s::text[]) AS new (id, user_id)
    WHERE c.org_id = %(org_id)s AND c.source_id = %(source_id)s AND c.id = new.id
      AND c.external_user_id IS NULL
"""
_STAMP = """
    UPDATE store_customer AS c
    SET first_seen_at = least(c.first_seen_at, new.first_at),
        last_seen_at = greatest(c.last_seen_at, new.last_at), observed_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
        AS new (id, first_at, last_at)
    WHERE c.org_id = %(org_id)s AND c.source_id = %(source_id)s AND c.id = new.id
      AND (c.first_seen_at IS NULL OR c.last_seen_at IS NULL
           OR new.first_at < c.first_seen_at OR new.last_at > c.last_seen_at)
"""


def _text_of(name: str, longest: int = 600) -> str:
    """A trait as a column's text; what is no text is none."""
    return (
        f"CASE WHEN jsonb_typeof(c.traits -> '{name}') = 'string'"
        f" THEN nullif(left(btrim(c.traits ->> '{name}'), {longest}), '') END"
    )


# What lists show of people comes from their traits, where no other source tells it.
_MIRROR = f"""
    UPDATE store_customer AS c
    SET email = told.email, name = told.name, phone = told.phone, avatar_url = told.avatar,
        updated_at = %(now)s
    FROM (
        SELECT c.id, lower({_text_of("email")}) AS email,
               coalesce({_text_of("name")}, nullif(concat_ws(' ', {_text_of("firstName")},
                        {_text_of("lastName")}), '')) AS name,
               {_text_of("phone")} AS phone, {_text_of("avatar")} AS avatar
        FROM store_customer AS c
        WHERE c.org_id = %(org_id)s AND c.source_id = %(source_id)s
          AND c.id = ANY(%(ids)s::bigint[])
    ) AS told
    WHERE c.org_id = %(org_id)s AND c.id = told.id
      AND (c.email, c.name, c.phone, c.avatar_url)
          IS DISTINCT FROM (told.email, told.name, told.phone, told.avatar)
"""
_COMPANY_BY_KEY = """
    SELECT DISTINCT ON (o.company_key) o.company_key, o.id FROM store_company AS o
    WHERE o.org_id = %(org_id)s AND o.company_key = ANY(%(keys)s::text[])
      AND o.deleted_at IS NULL
    ORDER BY o.company_key, o.source_id = %(source_id)s, o.id
"""
_CREATE_COMPANIES = """
    INSERT INTO store_company (org_id, source_id, external_id, company_key, observed_at,
                               confirmed_at, created_at, updated_at, tags, metadata)
    SELECT %(org_id)s, %(source_id)s, key, key, %(now)s, %(now)s, %(now)s, %(now)s, '{}', '{}'
    FROM unnest(%(keys)s::text[]) AS key
    ON CONFLICT (source_id, external_id) DO UPDATE SET observed_at = excluded.observed_at
    RETURNING external_id, id
"""
_MIRROR_COMPANIES = f"""
    UPDATE store_company AS c
    SET name = told.name, plan = told.plan, industry = told.industry, website = told.website,
        updated_at = %(now)s
    FROM (
        SELECT c.id, {_text_of("name")} AS name, {_text_of("plan")} AS plan,
               {_text_of("industry")} AS industry, {_text_of("website")} AS website
        FROM store_company AS c
        WHERE c.org_id = %(org_id)s AND c.source_id = %(source_id)s
          AND c.id = ANY(%(ids)s::bigint[])
    ) AS told
    WHERE c.org_id = %(org_id)s AND c.id = told.id
      AND (c.name, c.plan, c.industry, c.website)
          IS DISTINCT FROM (told.name, told.plan, told.industry, told.website)
"""
# Who belongs to a company of another source, of those whom that source knows, it tells itself.
_BELONG = """
    INSERT INTO store_companymember (org_id, customer_id, company_id)
    SELECT DISTINCT %(org_id)s::bigint, c.id, o.id
    FROM unnest(%(customers)s::bigint[], %(companies)s::bigint[]) AS new (customer_id, company_id)
    JOIN store_customer AS c ON c.id = new.customer_id AND c.org_id = %(org_id)s
    JOIN store_company AS o ON o.id = new.company_id AND o.org_id = %(org_id)s
    WHERE o.source_id = %(source_id)s OR c.source_id <> o.source_id
    ON CONFLICT (customer_id, company_id) DO NOTHING
    RETURNING customer_id, company_id
"""
# Index customer_by_lead_id: the id of a lead is the one that the Messenger gave the visitor.
_LEADS = """
    SELECT DISTINCT ON (key) key, c.id
    FROM unnest(%(keys)s::text[]) AS key
    JOIN store_customer AS c
      ON c.org_id = %(org_id)s AND (c.attributes ->> 'intercom/external_id') = key
    WHERE c.contact_role = 'lead' AND c.deleted_at IS NULL
    ORDER BY key, c.id
"""
_ERASED = """
    SELECT t.kind, t.external_id FROM store_tombstone AS t
    JOIN unnest(%(kinds)s::text[], %(keys)s::text[]) AS named (kind, key)
      ON t.kind = named.kind AND t.external_id = named.key
    WHERE t.org_id = %(org_id)s AND t.source_id = %(source_id)s AND t.reason = 'erased'
"""
_INGESTED_LEADS = """
    SELECT id FROM store_customer
    WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND id = ANY(%(ids)s::bigint[])
      AND external_user_id IS NULL AND deleted_at IS NULL
"""
_INGESTED: Final = """
    SELECT id FROM store_customer
    WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND id = ANY(%(ids)s::bigint[])
      AND deleted_at IS NULL
"""


def lock_sources(org_id: int) -> None:
    """Wait for every writer of the organization, in the order in which everybody does.

    The organization is removed, and a customer erased, only after who holds them.
    """
    for source in sorted(list_sources(org_id), key=lambda one: one.pk):
        lock_for_transaction(f"source:{source.pk}")
        statements.run(statements.SOURCE_OF_ORG, {"org_id": org_id, "source_id": source.pk})


def by_user_id(scope: Scope, user_ids: Iterable[str]) -> dict[str, int]:
    """Customers by their own id."""
    keys = list(user_ids)
    return dict(statements.fetch(_BY_USER_ID, {**scope.params, "keys": keys})) if keys else {}


def by_email(scope: Scope, emails: Iterable[str]) -> dict[str, Match]:
    """Customers by e-mail address, those of other sources and users first."""
    keys = list(emails)
    rows = statements.fetch(_BY_EMAIL, {**scope.params, "keys": keys}) if keys else []
    return {email: Match(*rest) for email, *rest in rows}


def leads_of(org_id: int, visitor_ids: Iterable[str]) -> dict[str, int]:
    """Leads of Intercom by the id that its Messenger gave the visitor."""
    params = {"org_id": org_id, "keys": list(visitor_ids)}
    return dict(statements.fetch(_LEADS, params)) if params["keys"] else {}


def create_people(scope: Scope, people: Sequence[NewPerson]) -> dict[str, int]:
    """New customers of the ingest source; returns their rows by external id."""
    if not people:
        return {}
    params = {
        **scope.params,
        "externals": [one.external_id for one in people],
        "user_ids": [one.user_id for one in people],
        "ats": [one.at for one in people],
    }
    return dict(statements.fetch(_CREATE, params))


def adopt(scope: Scope, user_ids: Mapping[int, str]) -> None:
    """Leads of the ingest source turn out to be users with these ids."""
    if user_ids:
        params = {**scope.params, "ids": list(user_ids), "user_ids": list(user_ids.values())}
        statements.run(_ADOPT, params)


def stamp(scope: Scope, seen: Mapping[int, tuple[datetime, datetime]]) -> None:
    """Note when people of the ingest source were first and last seen."""
    if seen:
        params = {
            **scope.params,
            "ids": list(seen),
            "firsts": [first.isoformat() for first, _ in seen.values()],
            "lasts": [last.isoformat() for _, last in seen.values()],
        }
        statements.run(_STAMP, params)


def mirror(scope: Scope, customer_ids: Iterable[int]) -> None:
    """Give people of the ingest source the address, name, … that their traits tell."""
    statements.run(_MIRROR, {**scope.params, "ids": list(customer_ids)})


def companies_of(scope: Scope, keys: Iterable[str]) -> dict[str, int]:
    """The companies that these keys mean, made where there is none yet."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    found = dict(statements.fetch(_COMPANY_BY_KEY, {**scope.params, "keys": wanted}))
    missing = [key for key in wanted if key not in found]
    if missing:
        found.update(statements.fetch(_CREATE_COMPANIES, {**scope.params, "keys": missing}))
    return found


def mirror_companies(scope: Scope, company_ids: Iterable[int]) -> None:
    """Give companies of the ingest source the name, plan, … that their traits tell."""
    statements.run(_MIRROR_COMPANIES, {**scope.params, "ids": list(company_ids)})


def belong(scope: Scope, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Customers belong to companies; returns the customers for whom that is new."""
    if not pairs:
        return []
    params = {
        **scope.params,
        "customers": [customer for customer, _ in pairs],
        "companies": [company for _, company in pairs],
    }
    new = statements.fetch(_BELONG, params)
    dirty.mark_companies(scope.org_id, {company for _, company in new})
    return [customer for customer, _ in new]


def erased(scope: Scope, names: Sequence[Name]) -> set[Name]:
    """Those of the names that belong to somebody who was erased."""
    if not names:
        return set()
    kinds, keys = [kind for kind, _ in names], [key for _, key in names]
    params = {**scope.params, "kinds": kinds, "keys": keys}
    return {(kind, key) for kind, key in statements.fetch(_ERASED, params)}


def only_ingested(scope: Scope, ids: Iterable[int], *, leads: bool = False) -> set[int]:
    """Those whom only ingested calls know; with `leads`, of whom no own id is known either."""
    statement = _INGESTED_LEADS if leads else _INGESTED
    rows = statements.fetch(statement, {**scope.params, "ids": list(ids)})
    return {one for (one,) in rows}


def touch(scope: Scope) -> None:
    """Open pages look again."""
    statements.run(statements.BUMP_SOURCE, scope.params)
