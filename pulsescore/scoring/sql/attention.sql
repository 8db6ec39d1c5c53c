-- Who got noticeably worse since an earlier instant: everybody who became critical, and those whose
-- score fell most, critical ones of this week first. Noticeable is more than time alone takes in a
-- week, and for who is healthy still a fall that says something. Beside the present score stands the last history
-- point up to then (whoever had none did not fall), found by one probe of score_point_once each.
WITH fell AS (
    SELECT
        h.customer_id,
        h.score,
        h.risk_level,
        h."values",
        h.config_version,
        earlier.score AS score_then,
        earlier.risk_level AS level_then,
        earlier."values" AS values_then,
        earlier.config_version AS version_then,
        h.cap,
        h.override_id IS NOT NULL AS is_overridden,
        h.computed_score,
        earlier.cap AS cap_then,
        earlier.override_id IS NOT NULL AS was_overridden,
        earlier.computed_score AS computed_then,
        h.risk_level = 'red' AND earlier.risk_level <> 'red' AS became_critical,
        row_number() OVER (
            ORDER BY
                (h.risk_level = 'red' AND earlier.risk_level <> 'red') DESC,
                h.score - earlier.score,
                h.score,
                h.customer_id
        ) AS place
    FROM scoring_healthscore AS h
    JOIN store_customer AS c ON c.id = h.customer_id AND c.org_id = h.org_id
    CROSS JOIN LATERAL (
        SELECT
            p.score, p.risk_level, p."values", p.config_version, p.cap, p.override_id,
            p.computed_score
        FROM scoring_scorepoint AS p
        WHERE p.org_id = h.org_id AND p.customer_id = h.customer_id AND p.at <= %(since)s
        ORDER BY p.at DESC
        LIMIT 1
    ) AS earlier
    WHERE h.org_id = %(org_id)s
        AND c.deleted_at IS NULL
        AND h.score < earlier.score
        AND (
            (h.risk_level = 'red' AND earlier.risk_level <> 'red')
            OR earlier.score - h.score
                >= CASE h.risk_level WHEN 'green' THEN %(steep)s ELSE %(notable)s END
        )
)
SELECT
    fell.customer_id,
    fell.became_critical,
    fell.place <= %(limit)s,
    fell.score - fell.score_then,
    fell.level_then,
    fell."values",
    fell.values_then,
    fell.config_version,
    fell.version_then,
    moved.at,
    fell.score,
    fell.score_then,
    fell.cap,
    fell.is_overridden,
    fell.computed_score,
    fell.cap_then,
    fell.was_overridden,
    fell.computed_then
FROM fell
LEFT JOIN LATERAL (
    SELECT p.at
    FROM scoring_scorepoint AS p
    WHERE p.org_id = %(org_id)s AND p.customer_id = fell.customer_id AND p.changed
    ORDER BY p.at DESC
    LIMIT 1
) AS moved ON fell.place <= %(limit)s
WHERE fell.became_critical OR fell.place <= %(limit)s
ORDER BY fell.place
