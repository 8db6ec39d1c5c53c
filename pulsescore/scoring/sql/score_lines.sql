-- The points of a page's customers since an instant, and for each the last one before it. Served by
-- score_point_once: one probe backwards and one short range for each customer.
SELECT wanted.id, (p.at AT TIME ZONE 'UTC')::date, p.score
FROM unnest(%(ids)s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
    (
        SELECT before.at, before.score FROM scoring_scorepoint AS before
        WHERE before.org_id = %(org_id)s AND before.customer_id = wanted.id
            AND before.at < %(since)s
        ORDER BY before.at DESC
        LIMIT 1
    )
    UNION ALL
    (
        SELECT after.at, after.score FROM scoring_scorepoint AS after
        WHERE after.org_id = %(org_id)s AND after.customer_id = wanted.id
            AND after.at >= %(since)s AND after.at <= %(now)s
        ORDER BY after.at
    )
) AS p
ORDER BY wanted.id, p.at
