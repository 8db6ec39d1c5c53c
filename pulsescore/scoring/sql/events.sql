-- What the staged results mean for the customers' timelines. The keys name the facts, so that
-- telling one again adds nothing; the first score is told once in a customer's life. The beginning
-- and the end of an override tell the change of the score themselves.
SELECT
    staged.customer_id,
    told.name,
    %(now)s,
    jsonb_strip_nulls(jsonb_build_object(
        'score', nullif(staged.score, -1),
        'score_before', nullif(staged.score_before, -1),
        'risk_level', (ARRAY['red', 'yellow', 'green'])[staged.level],
        'risk_level_before', (ARRAY['red', 'yellow', 'green'])[staged.level_before],
        'config_version', %(config_version)s
    ) || CASE WHEN told.of_override THEN coalesce(said.properties, '{}') ELSE '{}' END),
    told.key
FROM scoring_staged AS staged
LEFT JOIN LATERAL (
    SELECT
        jsonb_build_object(
            'override', coalesce(o.score::text, o.risk_level),
            'reason', nullif(o.reason, ''),
            'by', nullif(trim(author.first_name || ' ' || author.last_name), ''),
            'until', o.expires_at
        ) AS properties
    FROM scoring_scoreoverride AS o
    LEFT JOIN accounts_user AS author ON author.id = o.author_id
    WHERE staged.override <> staged.override_before
        AND o.org_id = %(org_id)s
        AND o.id = CASE
            WHEN staged.override > 0 THEN staged.override
            -- Ended by a row that says nothing, unless it expired by itself.
            ELSE (
                SELECT last.id FROM scoring_scoreoverride AS last
                WHERE last.org_id = %(org_id)s
                    AND last.customer_id = staged.customer_id
                    AND last.expires_at IS NULL
                    AND last.id > staged.override_before
                ORDER BY last.id DESC
                LIMIT 1
            )
        END
) AS said ON TRUE
CROSS JOIN LATERAL (
    VALUES
        ('First health score', 'score.first', staged.score_before = -1, FALSE),
        (
            'Health score changed',
            'score.changed.' || %(now_text)s,
            staged.score_before >= 0 AND abs(staged.score - staged.score_before) >= 10,
            FALSE
        ),
        (
            'Risk level changed',
            'score.level.' || %(now_text)s,
            staged.level_before > 0 AND staged.level <> staged.level_before,
            FALSE
        ),
        (
            'Score overridden',
            'score.override.' || staged.override,
            staged.override > 0,
            TRUE
        ),
        (
            'Override ended',
            'score.override.end.' || staged.override_before,
            staged.override = 0,
            TRUE
        )
) AS told (name, key, true_of_it, of_override)
WHERE told.true_of_it
    AND told.of_override = (staged.override <> staged.override_before)
    AND (told.of_override OR staged.score >= 0)
