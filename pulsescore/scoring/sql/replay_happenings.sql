-- What was told to have happened to the conversations of a batch of customers, oldest first.
SELECT
    a.conversation_id,
    (CASE a.kind WHEN 'closed' THEN -1 ELSE 1 END)::int8,
    date_part('epoch', a.at)
FROM store_conversationactivity AS a
WHERE a.org_id = %(org_id)s
    AND a.kind IN ('reopened', 'closed')
    AND a.conversation_id IN (
        SELECT p.conversation_id
        FROM store_participant AS p
        WHERE p.org_id = %(org_id)s
            AND p.customer_id BETWEEN %(first)s AND %(last)s
            AND {only}
    )
ORDER BY a.at, a.id
