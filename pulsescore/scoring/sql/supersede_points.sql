-- Of a day's points that mark no change, only the last is kept: make room for the newer one.
DELETE FROM scoring_scorepoint AS old
USING scoring_staged AS staged
WHERE old.org_id = %(org_id)s
    AND old.customer_id = staged.customer_id
    AND staged.point > 0
    AND old.at >= %(day)s
    AND old.at < %(day)s + interval '24 hours'
    AND NOT old.changed
