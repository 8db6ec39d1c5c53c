-- Store the staged results. Level and reason 0 fall outside the arrays and become NULL.
INSERT INTO scoring_healthscore AS kept (
    customer_id, org_id, score, risk_level, reason, raws, "values", config_version, calculated_at,
    recent_conversations, cap, override_id, computed_score
)
SELECT
    customer_id,
    %(org_id)s,
    nullif(score, -1),
    (ARRAY['red', 'yellow', 'green'])[level],
    (ARRAY['no_conversation', 'no_weight'])[reason],
    ARRAY[raw1, raw2, raw3, raw4, raw5],
    ARRAY[value1, value2, value3, value4, value5],
    %(config_version)s,
    %(now)s,
    recent,
    (ARRAY['not_seen', 'many_open'])[cap],
    nullif(override, 0),
    CASE WHEN override > 0 THEN nullif(computed, -1) END
FROM scoring_staged
ON CONFLICT (customer_id) DO UPDATE SET
    score = excluded.score,
    risk_level = excluded.risk_level,
    reason = excluded.reason,
    raws = excluded.raws,
    "values" = excluded."values",
    config_version = excluded.config_version,
    calculated_at = excluded.calculated_at,
    recent_conversations = excluded.recent_conversations,
    cap = excluded.cap,
    override_id = excluded.override_id,
    computed_score = excluded.computed_score
WHERE kept.org_id = excluded.org_id
