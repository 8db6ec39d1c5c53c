-- The signals of a batch of customers in one aggregate, ordered by customer.
--
-- No column is ever NULL (NaN instead), so that the rows have a fixed width and travel as one
-- array. A customer without conversations has a row of zeros and NaN; deleted customers and
-- deleted conversations have none. The window picks the latest conversation: by opened_at, then
-- by the greater id as text, byte by byte, as Python would compare it.
WITH talk AS (
    SELECT
        p.customer_id,
        c.status,
        c.opened_at,
        c.closed_at,
        coalesce(c.remote_updated_at, c.opened_at) AS updated_at,
        c.last_admin_reply_at,
        c.time_to_resolution_secs,
        c.reopen_count,
        row_number() OVER (
            PARTITION BY p.customer_id
            ORDER BY c.opened_at DESC, c.external_id COLLATE "C" DESC, c.id DESC
        ) AS nth
    FROM store_participant AS p
    JOIN store_conversation AS c ON c.id = p.conversation_id
    WHERE p.org_id = %(org_id)s
        AND c.org_id = %(org_id)s
        AND c.deleted_at IS NULL
        AND p.customer_id BETWEEN %(first)s AND %(last)s
        AND {only_participants}
), told AS (
    SELECT
        customer_id,
        count(*) AS conversations,
        count(*) FILTER (WHERE status = 'open') AS open_tickets,
        sum(least(greatest(time_to_resolution_secs, 0), 336 * 3600)::int)
            FILTER (WHERE updated_at >= %(now)s - interval '2160 hours') AS resolution_secs,
        count(time_to_resolution_secs)
            FILTER (WHERE updated_at >= %(now)s - interval '2160 hours') AS resolutions,
        sum(reopen_count) FILTER (WHERE updated_at >= %(now)s - interval '720 hours') AS reopens,
        max(updated_at) AS latest_activity_at,
        max(opened_at) AS latest_created_at,
        bool_or(status = 'closed') FILTER (WHERE nth = 1) AS latest_closed,
        max(closed_at) FILTER (WHERE nth = 1) AS latest_closed_at,
        max(updated_at) FILTER (WHERE nth = 1) AS latest_updated_at,
        max(last_admin_reply_at) FILTER (WHERE nth = 1) AS latest_admin_reply_at
    FROM talk
    GROUP BY customer_id
)
SELECT
    customer.id,
    coalesce(told.conversations, 0)::float8,
    coalesce(told.open_tickets, 0)::float8,
    coalesce(told.resolution_secs, 0)::float8,
    coalesce(told.resolutions, 0)::float8,
    coalesce(told.reopens, 0)::float8,
    coalesce(date_part('epoch', customer.last_seen_at), 'NaN'),
    coalesce(date_part('epoch', customer.last_replied_at), 'NaN'),
    coalesce(date_part('epoch', told.latest_activity_at), 'NaN'),
    coalesce(date_part('epoch', told.latest_created_at), 'NaN'),
    coalesce(told.latest_closed::int, 0)::float8,
    coalesce(date_part('epoch', told.latest_closed_at), 'NaN'),
    coalesce(date_part('epoch', told.latest_updated_at), 'NaN'),
    coalesce(date_part('epoch', told.latest_admin_reply_at), 'NaN')
FROM store_customer AS customer
LEFT JOIN told ON told.customer_id = customer.id
WHERE customer.org_id = %(org_id)s
    AND customer.deleted_at IS NULL
    AND customer.id BETWEEN %(first)s AND %(last)s
    AND {only_customers}
ORDER BY customer.id
