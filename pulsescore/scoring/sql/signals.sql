-- The signals of a batch of customers in one aggregate, ordered by customer.
--
-- No column is ever NULL (NaN instead), so that the rows have a fixed width and travel as one
-- array. A customer without conversations has a row of zeros and NaN; deleted customers have no
-- row, deleted conversations count nowhere. The window picks the latest conversation: by
-- opened_at, then by the greater id as text, byte by byte, as Python would compare it. Every join
-- has an index on its inner side, so that even without statistics (right after an import) no plan
-- is slower than one probe per row. Range and ids are said of participants too, since PostgreSQL does
-- not conclude them from the join and would read all of them for each batch.
WITH talk AS (
    SELECT
        person.id AS customer_id,
        person.last_seen_at,
        person.last_replied_at,
        c.id,
        c.status,
        c.opened_at,
        c.closed_at,
        coalesce(c.remote_updated_at, c.opened_at) AS updated_at,
        c.last_admin_reply_at,
        c.time_to_resolution_secs,
        c.reopen_count,
        row_number() OVER (
            PARTITION BY person.id
            ORDER BY c.opened_at DESC NULLS LAST, c.external_id COLLATE "C" DESC, c.id DESC
        ) AS nth
    FROM store_customer AS person
    LEFT JOIN store_participant AS p
        ON p.customer_id = person.id
        AND p.org_id = %(org_id)s
        AND p.customer_id BETWEEN %(first)s AND %(last)s
        AND {and_only}
    LEFT JOIN store_conversation AS c
        ON c.id = p.conversation_id AND c.org_id = %(org_id)s AND c.deleted_at IS NULL
    WHERE person.org_id = %(org_id)s
        AND person.deleted_at IS NULL
        AND person.id BETWEEN %(first)s AND %(last)s
        AND {only}
)
SELECT
    customer_id,
    count(id)::float8,
    count(*) FILTER (WHERE status = 'open')::float8,
    coalesce(
        sum(least(greatest(time_to_resolution_secs, 0), 336 * 3600)::int)
            FILTER (WHERE updated_at >= %(now)s - interval '2160 hours'),
        0
    )::float8,
    count(time_to_resolution_secs)
        FILTER (WHERE updated_at >= %(now)s - interval '2160 hours')::float8,
    coalesce(
        sum(reopen_count) FILTER (WHERE updated_at >= %(now)s - interval '720 hours'), 0
    )::float8,
    coalesce(date_part('epoch', max(last_seen_at)), 'NaN'),
    coalesce(date_part('epoch', max(last_replied_at)), 'NaN'),
    coalesce(date_part('epoch', max(updated_at)), 'NaN'),
    coalesce(date_part('epoch', max(opened_at)), 'NaN'),
    count(*) FILTER (WHERE nth = 1 AND status = 'closed')::float8,
    coalesce(date_part('epoch', max(closed_at) FILTER (WHERE nth = 1)), 'NaN'),
    coalesce(date_part('epoch', max(updated_at) FILTER (WHERE nth = 1)), 'NaN'),
    coalesce(date_part('epoch', max(last_admin_reply_at) FILTER (WHERE nth = 1)), 'NaN'),
    count(id) FILTER (WHERE updated_at >= %(now)s - interval '2160 hours')::float8
FROM talk
GROUP BY customer_id
ORDER BY customer_id
