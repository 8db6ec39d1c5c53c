-- The customers of a batch, for replay.
SELECT
    id,
    coalesce(date_part('epoch', last_seen_at), 'NaN'),
    coalesce(date_part('epoch', last_replied_at), 'NaN')
FROM store_customer
WHERE org_id = %(org_id)s
    AND deleted_at IS NULL
    AND id BETWEEN %(first)s AND %(last)s
    AND {only}
ORDER BY id
