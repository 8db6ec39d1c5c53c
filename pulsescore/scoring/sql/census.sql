-- How many customers stand where: level, ten points of score, reason for no score. One look at
-- everybody, from which all figures of a dashboard are counted. Deleted customers are in no count.
SELECT
    coalesce(h.risk_level, 'none'),
    least(h.score / 10, 9),
    CASE WHEN h.score IS NULL THEN coalesce(h.reason, 'not_calculated') END,
    count(*),
    coalesce(sum(h.score), 0)
FROM store_customer AS c
LEFT JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id
WHERE c.org_id = %(org_id)s AND c.deleted_at IS NULL
GROUP BY 1, 2, 3
