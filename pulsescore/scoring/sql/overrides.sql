-- Every override that a batch of customers ever had, oldest first. What was said of a contact who
-- was merged into a customer was said of the same person. Served by overrides_of_customers and
-- customer_merged_into; where nobody ever said anything, which is asked first, nothing is read. A
-- contact is merged within its organization, of which the override is asked: saying it of customers,
-- too, leads the planner to an index of everybody. The fence (OFFSET 0) has each probed for.
WITH RECURSIVE same (id, person) AS (
    SELECT id, merged_into_id
    FROM store_customer
    WHERE EXISTS (SELECT FROM scoring_scoreoverride WHERE org_id = %(org_id)s)
        AND merged_into_id BETWEEN %(first)s AND %(last)s
        AND {only_merged}
    UNION
    SELECT c.id, same.person
    FROM same
    CROSS JOIN LATERAL (
        SELECT gone.id FROM store_customer AS gone
        WHERE gone.merged_into_id = same.id
        OFFSET 0
    ) AS c
)
SELECT
    person,
    id,
    coalesce(score, -1)::int2,
    coalesce(array_position(ARRAY['red', 'yellow', 'green'], risk_level::text), 0)::int2,
    date_part('epoch', set_at),
    coalesce(date_part('epoch', expires_at), '-Infinity')
FROM (
    SELECT o.customer_id AS person, o.id, o.score, o.risk_level, o.set_at, o.expires_at
    FROM scoring_scoreoverride AS o
    WHERE o.org_id = %(org_id)s AND o.customer_id BETWEEN %(first)s AND %(last)s AND {only}
    UNION ALL
    SELECT same.person, o.id, o.score, o.risk_level, o.set_at, o.expires_at
    FROM same
    JOIN scoring_scoreoverride AS o ON o.customer_id = same.id AND o.org_id = %(org_id)s
) AS said
ORDER BY person, set_at, id
