"""Seeded customers by the million, made inside the database: names, tags, scores, history."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection

_FIRST = (
    "ARRAY['Mia','Noah','Ada','Liam','Zoe','Ivan','Aïcha','Kenji','Olga','Tom','Ruth','Émile',"
    "'Grace','Linus','Barbara','Alan','Donald','Edsger','Niklaus','Radia']"
)
_LAST = (
    "ARRAY['Chen','Okafor','Silva','Novak','Haddad','Berg','Moreau','Tanaka','Petrov','Walsh',"
    "'Hopper','Liskov','Turing','Knuth','Dijkstra','Wirth','Perlman','Lovelace','Garcia','Rossi']"
)
_COMPANIES = """
    INSERT INTO store_company (org_id, source_id, external_id, name, observed_at, tags, metadata)
    SELECT %(org)s, %(source)s, 'co' || n, 'Company ' || n, %(now)s, '{}', '{}'
    FROM generate_series(0, %(companies)s - 1) AS n
"""
# A twentieth has no name, a tenth are leads, half have an owner, a third has a mailbox at one host.
_CUSTOMERS = f"""
    INSERT INTO store_customer (
        org_id, source_id, external_id, email, name, contact_role, owner_external_id,
        first_seen_at, last_seen_at, last_replied_at, observed_at, tags, metadata, attributes,
        company_external_ids, created_at
    )
    SELECT %(org)s, %(source)s, 'c' || n,
        lower(translate(first, 'ïÉ', 'ie')) || '.' || lower(last) || n || '@'
            || CASE WHEN n %% 3 = 0 THEN 'gmail' ELSE 'firm' || n %% %(companies)s END || '.com',
        CASE WHEN n %% 20 > 0 THEN first || ' ' || last END,
        CASE WHEN n %% 10 = 0 THEN 'lead' ELSE 'user' END,
        CASE WHEN n %% 2 = 0 THEN 'admin-' || n %% 37 END,
        %(now)s - interval '1 year',
        CASE WHEN n %% 25 > 0 THEN %(now)s - random() * interval '90 days' END,
        CASE WHEN random() < 0.9 THEN %(now)s - random() * interval '60 days' END,
        %(now)s,
        CASE WHEN n %% 10007 = 0 THEN ARRAY['rare'] WHEN n %% 50 = 0 THEN ARRAY['vip']
            WHEN n %% 3 = 0 THEN ARRAY['enterprise', 'beta'] ELSE '{{}}' END,
        jsonb_build_object('plan', 'Team', 'seats', n %% 90), '{{}}', '{{}}',
        %(now)s - n * interval '1 second'
    FROM (
        SELECT n, ({_FIRST})[1 + floor(random() * 20)::int] AS first,
            ({_LAST})[1 + floor(random() * 20)::int] AS last
        FROM generate_series(1, %(customers)s) AS n
    ) AS made
"""
_MEMBERS = """
    INSERT INTO store_companymember (org_id, company_id, customer_id)
    SELECT c.org_id, company.id, c.id
    FROM store_customer AS c
    JOIN store_company AS company ON company.source_id = c.source_id
        AND company.external_id = 'co' || substr(c.external_id, 2)::int %% %(companies)s
    WHERE c.org_id = %(org)s AND c.id %% 4 > 0
"""
# Most are well, few critical, a tenth has no score.
_SCORES = """
    INSERT INTO scoring_healthscore (
        customer_id, org_id, score, risk_level, reason, raws, "values", config_version,
        calculated_at
    )
    SELECT id, %(org)s, score, CASE WHEN score >= 70 THEN 'green' WHEN score >= 40 THEN 'yellow'
            WHEN score >= 0 THEN 'red' END,
        CASE WHEN score IS NULL THEN 'no_conversation' END, ARRAY[1, 2, 3, 4, 5]::float8[],
        ARRAY[.1, .2, .3, .4, .5]::float8[], 1, %(now)s
    FROM (
        SELECT id, CASE WHEN random() < 0.9 THEN (100 * sqrt(sqrt(random())))::int END AS score
        FROM store_customer WHERE org_id = %(org)s
    ) AS scored
"""
_POINTS = """
    INSERT INTO scoring_scorepoint (
        org_id, customer_id, at, score, risk_level, "values", raws, config_version, reconstructed,
        changed
    )
    SELECT org_id, customer_id, %(now)s - days * interval '1 day', score, risk_level, "values",
        raws, 1, FALSE, TRUE
    FROM scoring_healthscore, unnest(ARRAY[3, 25]) AS days
    WHERE org_id = %(org)s AND score IS NOT NULL
"""
_TABLES = "scoring_scorepoint, scoring_healthscore, store_customer, store_company"
PER_COMPANY = 20


def fill(size: int) -> tuple[int, Any]:
    """So many customers in an organization of their own; returns its id and its member."""
    # Models exist only once Django has been set up.
    from pulsescore.accounts.models import Membership, Organization, User  # noqa: PLC0415
    from pulsescore.store.models import Source  # noqa: PLC0415

    organization = Organization.objects.create(name=f"Bench of {size}")
    user = User.objects.create_user(f"bench{size}@example.com", "a benchmark's password")
    Membership(org=organization, user=user, role="owner").save()
    source = Source(org=organization, kind="intercom")
    source.save()
    values = {
        "org": organization.pk,
        "source": source.pk,
        "now": datetime.now(UTC),
        "customers": size,
        "companies": max(6, size // PER_COMPANY),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_TABLES} CASCADE")
        cursor.execute("SELECT setseed(0.42)")
        for insert in (_COMPANIES, _CUSTOMERS):
            cursor.execute(insert, values)
        cursor.execute("VACUUM ANALYZE")
        for insert in (_MEMBERS, _SCORES, _POINTS):
            cursor.execute(insert, values)
        cursor.execute("VACUUM ANALYZE")
    return organization.pk, user
