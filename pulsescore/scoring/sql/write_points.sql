-- Add the staged results to the history (point 1: last of its day so far, 2: a change).
INSERT INTO scoring_scorepoint AS kept (
    org_id, customer_id, at, score, risk_level, raws, "values", config_version, reconstructed,
    changed, cap, override_id, computed_score
)
SELECT
    %(org_id)s,
    customer_id,
    %(now)s,
    nullif(score, -1),
    (ARRAY['red', 'yellow', 'green'])[level],
    ARRAY[raw1, raw2, raw3, raw4, raw5],
    ARRAY[value1, value2, value3, value4, value5],
    %(config_version)s,
    FALSE,
    point = 2,
    (ARRAY['not_seen', 'many_open'])[cap],
    nullif(override, 0),
    CASE WHEN override > 0 THEN nullif(computed, -1) END
FROM scoring_staged
WHERE point > 0
ON CONFLICT (customer_id, at) DO UPDATE SET
    score = excluded.score,
    risk_level = excluded.risk_level,
    raws = excluded.raws,
    "values" = excluded."values",
    config_version = excluded.config_version,
    reconstructed = FALSE,
    changed = kept.changed OR excluded.changed,
    cap = excluded.cap,
    override_id = excluded.override_id,
    computed_score = excluded.computed_score
