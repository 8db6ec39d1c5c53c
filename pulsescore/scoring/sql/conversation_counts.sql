-- How many conversations a customer has, by state and behind the factors that count some of them
-- (the windows are those of signals.sql); and notes, which the page counts beside them. Served by
-- the index of participants by customer.
SELECT
    count(*),
    count(*) FILTER (WHERE c.status = 'open'),
    count(*) FILTER (WHERE c.status = 'snoozed'),
    count(*) FILTER (WHERE c.status = 'closed'),
    count(*) FILTER (WHERE c.reopen_count > 0),
    count(c.time_to_resolution_secs) FILTER (
        WHERE coalesce(c.remote_updated_at, c.opened_at) >= %(at)s - interval '2160 hours'
    ),
    count(*) FILTER (
        WHERE c.reopen_count > 0
            AND coalesce(c.remote_updated_at, c.opened_at) >= %(at)s - interval '720 hours'
    ),
    (SELECT count(*) FROM store_note WHERE org_id = %(org_id)s AND customer_id = %(customer_id)s),
    max(c.updated_at)
FROM store_participant AS p
JOIN store_conversation AS c
    ON c.id = p.conversation_id AND c.org_id = p.org_id AND c.deleted_at IS NULL
WHERE p.org_id = %(org_id)s AND p.customer_id = %(customer_id)s
