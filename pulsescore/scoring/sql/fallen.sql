-- Customers whose score is lower than at an earlier instant: their last history point up to then
-- beside the present score. Whoever had no score then did not fall. Served by health_by_level
-- (critical ones only) and, for each customer, by one probe of score_point_once.
SELECT
    c.id,
    c.name,
    c.email,
    h.score,
    h.risk_level,
    earlier.score,
    earlier.risk_level,
    h."values",
    earlier."values",
    earlier.config_version,
    h.config_version,
    h.cap,
    h.override_id IS NOT NULL,
    h.computed_score,
    earlier.cap,
    earlier.override_id IS NOT NULL,
    earlier.computed_score
FROM scoring_healthscore AS h
JOIN store_customer AS c ON c.id = h.customer_id AND c.org_id = h.org_id
CROSS JOIN LATERAL (
    SELECT
        p.score, p.risk_level, p."values", p.config_version, p.cap, p.override_id, p.computed_score
    FROM scoring_scorepoint AS p
    WHERE p.org_id = h.org_id AND p.customer_id = h.customer_id AND p.at <= %(since)s
    ORDER BY p.at DESC
    LIMIT 1
) AS earlier
WHERE h.org_id = %(org_id)s
    AND c.deleted_at IS NULL
    AND h.score < earlier.score
    AND (
        NOT %(only_became_critical)s
        OR (h.risk_level = 'red' AND earlier.risk_level <> 'red')
    )
ORDER BY h.score - earlier.score, h.score, c.id
LIMIT %(limit)s
