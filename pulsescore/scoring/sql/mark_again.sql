-- Have customers looked at again as they stand.
INSERT INTO scoring_scoremark AS known (
    customer_id, org_id, score, risk_level, raws, marked_at
)
SELECT customer_id, org_id, score, risk_level, raws, %(now)s
FROM scoring_healthscore
WHERE org_id = %(org_id)s AND customer_id = ANY(%(ids)s::bigint[])
ORDER BY customer_id
ON CONFLICT (customer_id) DO UPDATE SET marked_at = known.marked_at
