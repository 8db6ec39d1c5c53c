-- Everybody with a conversation, and since when: since then they have a score. The merged are not
-- there: what they had is their survivor's.
SELECT
    p.customer_id,
    date_part('epoch', min(c.opened_at)),
    (person.deleted_at IS NULL)::int::int8
FROM store_participant AS p
JOIN store_conversation AS c ON c.id = p.conversation_id
JOIN store_customer AS person ON person.id = p.customer_id
WHERE p.org_id = %(org_id)s
    AND c.org_id = %(org_id)s
    AND person.org_id = %(org_id)s
    AND c.deleted_at IS NULL
    AND person.merged_into_id IS NULL
GROUP BY p.customer_id, person.deleted_at
ORDER BY p.customer_id
