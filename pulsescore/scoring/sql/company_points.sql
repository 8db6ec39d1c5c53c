-- The last score of each day of these members of a company, and the last one before those days. Served by
-- the index on a membership's company and, for each member, by score_point_once.
SELECT DISTINCT ON (day, customer_id) customer_id, day, score
FROM (
    SELECT p.customer_id, p.at, p.score, (p.at AT TIME ZONE 'UTC')::date AS day
    FROM store_companymember AS m
    JOIN store_customer AS c
        ON c.id = m.customer_id AND c.org_id = m.org_id AND c.deleted_at IS NULL
    JOIN scoring_scorepoint AS p ON p.customer_id = c.id AND p.org_id = m.org_id
    WHERE m.org_id = %(org_id)s
        AND m.company_id = %(company_id)s
        AND m.customer_id = ANY(%(members)s::bigint[])
        AND p.at >= %(start)s
    UNION ALL
    SELECT earlier.customer_id, earlier.at, earlier.score, (earlier.at AT TIME ZONE 'UTC')::date
    FROM store_companymember AS m
    JOIN store_customer AS c
        ON c.id = m.customer_id AND c.org_id = m.org_id AND c.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT p.customer_id, p.at, p.score
        FROM scoring_scorepoint AS p
        WHERE p.customer_id = c.id AND p.org_id = m.org_id AND p.at < %(start)s
        ORDER BY p.at DESC
        LIMIT 1
    ) AS earlier
    WHERE m.org_id = %(org_id)s
        AND m.company_id = %(company_id)s
        AND m.customer_id = ANY(%(members)s::bigint[])
) AS dated
ORDER BY day, customer_id, at DESC
