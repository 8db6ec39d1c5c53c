-- Tell open pages that scores changed; commits with the scores, under the lock of the scores.
INSERT INTO scoring_scorerevision AS kept (org_id, revision)
VALUES (%(org_id)s, 1)
ON CONFLICT (org_id) DO UPDATE SET revision = kept.revision + 1
