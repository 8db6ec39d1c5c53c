-- Mark the staged customers who pass something that is watched, as they stood until now. A mark
-- that is there keeps the older standing; updating it all the same holds the row until the commit,
-- so that nobody claims it and then reads the scores of before. Raw values are only compared where
-- some are watched: else few rows are looked up, those who pass a score or a level.
INSERT INTO scoring_scoremark AS known (
    customer_id, org_id, score, risk_level, raws, marked_at
)
SELECT kept.customer_id, kept.org_id, kept.score, kept.risk_level, kept.raws, %(now)s
FROM scoring_staged AS staged
JOIN scoring_healthscore AS kept USING (customer_id)
WHERE kept.org_id = %(org_id)s
    AND staged.score_before >= 0
    AND (
        staged.score < 0
        OR (%(any_change)s AND staged.score <> staged.score_before)
        OR (%(levels)s AND staged.level <> staged.level_before)
        OR width_bucket(staged.score_before::float8, %(edges)s::float8[])
            <> width_bucket(staged.score::float8, %(edges)s::float8[])
        OR {factors}
    )
ORDER BY kept.customer_id
ON CONFLICT (customer_id) DO UPDATE SET marked_at = known.marked_at
