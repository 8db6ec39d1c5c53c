-- Every conversation of some customers, also of deleted ones, to see them as they were; each
-- customer's latest one last.
SELECT
    p.customer_id,
    c.id,
    date_part('epoch', c.opened_at),
    date_part('epoch', coalesce(c.remote_updated_at, c.opened_at)),
    (c.status = 'closed')::int::float8,
    (c.status = 'snoozed')::int::float8,
    coalesce(date_part('epoch', c.closed_at), 'NaN'),
    coalesce(date_part('epoch', c.first_closed_at), 'NaN'),
    coalesce(date_part('epoch', c.last_admin_reply_at), 'NaN'),
    coalesce(date_part('epoch', c.first_admin_reply_at), 'NaN'),
    coalesce(date_part('epoch', c.last_contact_reply_at), 'NaN'),
    coalesce(c.time_to_resolution_secs::float8, 'NaN'),
    c.reopen_count::float8
FROM store_participant AS p
JOIN store_conversation AS c ON c.id = p.conversation_id
WHERE p.org_id = %(org_id)s
    AND c.org_id = %(org_id)s
    AND c.deleted_at IS NULL
    AND p.customer_id = ANY(%(ids)s::bigint[])
ORDER BY p.customer_id, c.opened_at, c.external_id COLLATE "C", c.id
