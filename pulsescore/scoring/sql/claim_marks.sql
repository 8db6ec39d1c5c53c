-- Take marks, oldest first; those that somebody is writing just now are left for the next look.
DELETE FROM scoring_scoremark
WHERE customer_id = ANY(ARRAY(
    SELECT customer_id
    FROM scoring_scoremark
    WHERE org_id = %(org_id)s
    ORDER BY marked_at, customer_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
))
RETURNING customer_id, score, risk_level, raws, marked_at
