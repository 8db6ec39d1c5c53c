-- Which customers of a batch already have a history point on which days (days since 1970).
SELECT DISTINCT customer_id, floor(date_part('epoch', at) / 86400)::int8
FROM scoring_scorepoint
WHERE org_id = %(org_id)s
    AND customer_id BETWEEN %(first)s AND %(last)s
    AND at >= %(start)s
    AND {only}
