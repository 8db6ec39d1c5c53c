-- What the staged results mean for the customers' timelines. The keys name the facts, so that
-- telling one again adds nothing; the first score is told once in a customer's life.
SELECT
    staged.customer_id,
    told.name,
    %(now)s,
    jsonb_strip_nulls(jsonb_build_object(
        'score', staged.score,
        'score_before', nullif(staged.score_before, -1),
        'risk_level', (ARRAY['red', 'yellow', 'green'])[staged.level],
        'risk_level_before', (ARRAY['red', 'yellow', 'green'])[staged.level_before],
        'config_version', %(config_version)s
    )),
    told.key
FROM scoring_staged AS staged
CROSS JOIN LATERAL (
    VALUES
        ('First health score', 'score.first', staged.score_before = -1),
        (
            'Health score changed',
            'score.changed.' || %(now_text)s,
            staged.score_before >= 0 AND abs(staged.score - staged.score_before) >= 10
        ),
        (
            'Risk level changed',
            'score.level.' || %(now_text)s,
            staged.level_before > 0 AND staged.level <> staged.level_before
        )
) AS told (name, key, true_of_it)
WHERE staged.score >= 0 AND told.true_of_it
