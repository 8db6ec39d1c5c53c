-- How many customers ended each UTC day on each level. The last point of a customer's day counts.
-- Served by the index score_points_of_org.
SELECT
    day,
    count(*) FILTER (WHERE risk_level = 'green'),
    count(*) FILTER (WHERE risk_level = 'yellow'),
    count(*) FILTER (WHERE risk_level = 'red'),
    sum(score)::bigint
FROM (
    SELECT DISTINCT ON (day, customer_id) day, score, risk_level
    FROM (
        SELECT customer_id, at, score, risk_level, (at AT TIME ZONE 'UTC')::date AS day
        FROM scoring_scorepoint
        WHERE org_id = %(org_id)s AND at >= %(start)s AND at < %(end)s
    ) AS dated
    ORDER BY day, customer_id, at DESC
) AS ended
WHERE score IS NOT NULL
GROUP BY day
ORDER BY day
