-- What was recorded of customers on the day before an instant each, as it was then.
SELECT wanted.place, point.raws[1], point.raws[2], point.raws[3], point.raws[4], point.raws[5]
FROM unnest(%(ids)s::bigint[], %(at)s::float8[])
    WITH ORDINALITY AS wanted (customer_id, at, place)
CROSS JOIN LATERAL (
    SELECT p.raws
    FROM scoring_scorepoint AS p
    WHERE p.org_id = %(org_id)s
        AND p.customer_id = wanted.customer_id
        AND p.at <= to_timestamp(wanted.at)
        AND p.at > to_timestamp(wanted.at - 86400)
        AND NOT p.reconstructed
        AND array_position(p.raws, NULL) IS NULL
        AND cardinality(p.raws) = 5
    ORDER BY p.at DESC
    LIMIT 1
) AS point
ORDER BY wanted.place
