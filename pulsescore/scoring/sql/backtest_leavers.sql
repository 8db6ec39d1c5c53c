-- Who left and when, one row for each customer. What is said of a person outweighs what is said of
-- their company; of several companies the first that left counts. A merged customer's outcome is
-- the survivor's.
WITH told AS (
    SELECT coalesce(person.merged_into_id, person.id) AS customer_id, o.id, o.left_on, 0 AS rank
    FROM scoring_outcomerecord AS o
    JOIN store_customer AS person ON person.id = o.customer_id
    WHERE o.org_id = %(org_id)s AND person.org_id = %(org_id)s
    UNION ALL
    SELECT m.customer_id, o.id, o.left_on, 1
    FROM scoring_outcomerecord AS o
    JOIN store_companymember AS m ON m.company_id = o.company_id
    WHERE o.org_id = %(org_id)s AND m.org_id = %(org_id)s
)
SELECT DISTINCT ON (customer_id)
    customer_id,
    id,
    date_part('epoch', left_on::timestamp)
FROM told
ORDER BY customer_id, rank, left_on, id
