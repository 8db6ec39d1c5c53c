-- Everything a list shows of companies, in the order of their places.
SELECT
    c.id,
    c.external_id,
    c.company_key,
    c.name,
    c.plan,
    c.size,
    c.industry,
    c.website,
    c.monthly_spend,
    c.tags,
    c.traits || c.metadata,
    c.remote_created_at,
    c.last_request_at,
    c.created_at,
    c.updated_at,
    c.deleted_at,
    s.score,
    s.risk_level,
    coalesce(s.members, 0),
    coalesce(s.scored_members, 0),
    s.calculated_at,
    worst.id,
    coalesce(worst.name, worst.email),
    h.score,
    h.risk_level
FROM {wanted} AS wanted (id, place)
JOIN store_company AS c ON c.id = wanted.id AND c.org_id = %(org_id)s
LEFT JOIN scoring_companyscore AS s ON s.company_id = c.id AND s.org_id = c.org_id
LEFT JOIN store_customer AS worst ON worst.id = s.worst_customer_id AND worst.org_id = c.org_id
LEFT JOIN scoring_healthscore AS h ON h.customer_id = worst.id AND h.org_id = c.org_id
ORDER BY wanted.place
