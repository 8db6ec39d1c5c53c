-- Everything a list shows of the customers of one page, in the order of their ids in the array.
SELECT
    c.id,
    c.external_id,
    source.kind,
    c.email,
    c.name,
    c.contact_role,
    c.first_seen_at,
    c.last_seen_at,
    c.last_replied_at,
    c.tags,
    c.metadata,
    c.traits || c.attributes,
    c.created_at,
    c.updated_at,
    c.deleted_at,
    h.score,
    h.risk_level,
    CASE WHEN h.score IS NULL THEN coalesce(h.reason, 'not_calculated') END,
    coalesce(h.raws, ARRAY[]::float8[]),
    h.score - earlier.score,
    coalesce(belongs.companies, '[]'),
    h.override_id IS NOT NULL,
    h.computed_score
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN store_customer AS c ON c.id = wanted.id AND c.org_id = %(org_id)s
JOIN store_source AS source ON source.id = c.source_id
LEFT JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id
LEFT JOIN LATERAL (
    SELECT p.score
    FROM scoring_scorepoint AS p
    WHERE p.org_id = %(org_id)s AND p.customer_id = c.id AND p.at <= %(since)s::timestamptz
    ORDER BY p.at DESC
    LIMIT 1
) AS earlier ON TRUE
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(company.id, company.name) ORDER BY company.name, company.id)
        AS companies
    FROM store_companymember AS m
    JOIN store_company AS company ON company.id = m.company_id
    WHERE m.org_id = %(org_id)s AND m.customer_id = c.id AND company.deleted_at IS NULL
) AS belongs ON TRUE
ORDER BY wanted.place
