-- Add the replayed points; a point that came in meanwhile stays as it is.
INSERT INTO scoring_scorepoint (
    org_id, customer_id, at, score, risk_level, raws, "values", config_version, reconstructed,
    changed, cap, override_id, computed_score
)
SELECT
    %(org_id)s,
    customer_id,
    to_timestamp(at),
    score,
    (ARRAY['red', 'yellow', 'green'])[level],
    ARRAY[raw1, raw2, raw3, raw4, raw5],
    ARRAY[value1, value2, value3, value4, value5],
    %(config_version)s,
    TRUE,
    FALSE,
    (ARRAY['not_seen', 'many_open'])[cap],
    nullif(override, 0),
    CASE WHEN override > 0 THEN nullif(computed, -1) END
FROM scoring_staged_points
ON CONFLICT (customer_id, at) DO NOTHING
