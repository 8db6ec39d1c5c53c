-- Bring the scores of these companies up to date; what did not change is not written.
--
-- The mean is taken in whole numbers, rounded half up, as company_score.py does. The least of
-- [score, id] is the worst member, ties by id. Served by the index on a membership's company and by
-- the primary keys.
INSERT INTO scoring_companyscore AS kept (
    company_id, org_id, score, risk_level, members, scored_members, worst_customer_id,
    calculated_at
)
SELECT
    id,
    %(org_id)s,
    score,
    CASE
        WHEN score >= %(green)s THEN 'green'
        WHEN score >= %(yellow)s THEN 'yellow'
        WHEN score IS NOT NULL THEN 'red'
    END,
    members,
    scored_members,
    worst[2],
    %(now)s
FROM (
    SELECT
        company.id,
        count(person.id) AS members,
        count(h.score) AS scored_members,
        (2 * sum(h.score * weight) + sum(weight) FILTER (WHERE h.score IS NOT NULL))
            / (2 * sum(weight) FILTER (WHERE h.score IS NOT NULL)) AS score,
        min(ARRAY[h.score::int8, person.id]) FILTER (WHERE h.score IS NOT NULL) AS worst
    FROM store_company AS company
    LEFT JOIN store_companymember AS m
        ON m.company_id = company.id AND m.org_id = company.org_id
    LEFT JOIN store_customer AS person
        ON person.id = m.customer_id AND person.org_id = m.org_id AND person.deleted_at IS NULL
    LEFT JOIN scoring_healthscore AS h
        ON h.customer_id = person.id AND h.org_id = person.org_id
    CROSS JOIN LATERAL (SELECT 1 + coalesce(h.recent_conversations, 0) AS weight) AS weighed
    WHERE company.org_id = %(org_id)s AND company.id = ANY(%(ids)s::bigint[])
    GROUP BY company.id
) AS rolled
ORDER BY id
ON CONFLICT (company_id) DO UPDATE SET
    score = excluded.score,
    risk_level = excluded.risk_level,
    members = excluded.members,
    scored_members = excluded.scored_members,
    worst_customer_id = excluded.worst_customer_id,
    calculated_at = excluded.calculated_at
WHERE (
    kept.score, kept.risk_level, kept.members, kept.scored_members, kept.worst_customer_id
) IS DISTINCT FROM (
    excluded.score, excluded.risk_level, excluded.members, excluded.scored_members,
    excluded.worst_customer_id
)
