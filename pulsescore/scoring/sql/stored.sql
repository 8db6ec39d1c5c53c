-- The stored scores of a batch, in fixed width (-1, 0 and NaN instead of NULL), ordered by customer.
SELECT
    customer_id,
    coalesce(score, -1)::int2,
    coalesce(array_position(ARRAY['red', 'yellow', 'green'], risk_level::text), 0)::int2,
    coalesce(array_position(ARRAY['no_conversation', 'no_weight'], reason::text), 0)::int2,
    config_version,
    date_part('epoch', calculated_at),
    recent_conversations,
    coalesce(array_position(ARRAY['not_seen', 'many_open'], cap::text), 0)::int2,
    (CASE WHEN override_id IS NULL THEN coalesce(score, -1) ELSE coalesce(computed_score, -1) END)::int2,
    coalesce(override_id, 0),
    coalesce("values"[1], 'NaN'),
    coalesce("values"[2], 'NaN'),
    coalesce("values"[3], 'NaN'),
    coalesce("values"[4], 'NaN'),
    coalesce("values"[5], 'NaN')
FROM scoring_healthscore
WHERE org_id = %(org_id)s
    AND customer_id BETWEEN %(first)s AND %(last)s
    AND {only}
ORDER BY customer_id
