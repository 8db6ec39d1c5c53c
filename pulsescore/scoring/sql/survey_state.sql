-- Whether an organization is large, without counting further than that, and what its customers and
-- scores are revised to. Probes of health_by_score, score_revision_of_org and source_of_org.
SELECT
    (
        SELECT count(*)
        FROM (
            SELECT 1 FROM scoring_healthscore WHERE org_id = %(org_id)s LIMIT %(enough)s
        ) AS counted
    ),
    coalesce((SELECT revision FROM scoring_scorerevision WHERE org_id = %(org_id)s), 0),
    coalesce((SELECT sum(revision) FROM store_source WHERE org_id = %(org_id)s), 0)::bigint
