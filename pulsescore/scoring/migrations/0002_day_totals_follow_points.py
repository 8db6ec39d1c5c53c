"""Day totals follow history points: whoever writes or removes points of a totalled day moves it."""

from django.db import migrations

# Who totals a day locks it alone (`rollup.roll_up_days`), who changes points locks it with others:
# whichever comes later sees what the other has committed. `moved` are the points of the statement;
# what stood before is what stands now without the `added` ones and with those that are `gone`.
_FUNCTION = """
CREATE FUNCTION scoring_day_totals_after_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched record;
    is_totalled boolean := FALSE;
BEGIN
    FOR touched IN
        SELECT DISTINCT org_id, (at AT TIME ZONE 'UTC')::date AS day
        FROM ({moved}) AS moved ORDER BY 1, 2
    LOOP
        PERFORM pg_advisory_xact_lock_shared(
            (touched.org_id & 2147483647)::int, touched.day - date '1970-01-01'
        );
        PERFORM FROM scoring_daytotal
        WHERE org_id = touched.org_id AND "on" = touched.day FOR UPDATE;
        is_totalled := is_totalled OR FOUND;
    END LOOP;
    IF NOT is_totalled THEN
        RETURN NULL;
    END IF;
    WITH pairs AS (
        SELECT DISTINCT t.org_id, moved.customer_id, t."on" AS day
        FROM ({moved}) AS moved
        JOIN scoring_daytotal AS t
            ON t.org_id = moved.org_id AND t."on" = (moved.at AT TIME ZONE 'UTC')::date
    ), standing AS (
        SELECT p.id, p.org_id, p.customer_id, pairs.day, p.at, p.score, p.risk_level
        FROM pairs
        JOIN scoring_scorepoint AS p
            ON p.customer_id = pairs.customer_id AND p.org_id = pairs.org_id
            AND p.at >= pairs.day::timestamp AT TIME ZONE 'UTC'
            AND p.at < (pairs.day + 1)::timestamp AT TIME ZONE 'UTC'
    ), before AS (
        {before}
    ), ended AS (
        SELECT * FROM (
            SELECT DISTINCT ON (org_id, customer_id, day) org_id, day, score, risk_level, 1 AS sign
            FROM standing ORDER BY org_id, customer_id, day, at DESC
        ) AS now_last
        UNION ALL
        SELECT * FROM (
            SELECT DISTINCT ON (org_id, customer_id, day) org_id, day, score, risk_level, -1
            FROM before ORDER BY org_id, customer_id, day, at DESC
        ) AS then_last
    ), difference AS (
        SELECT
            org_id,
            day,
            coalesce(sum(sign) FILTER (WHERE risk_level = 'green'), 0) AS green,
            coalesce(sum(sign) FILTER (WHERE risk_level = 'yellow'), 0) AS yellow,
            coalesce(sum(sign) FILTER (WHERE risk_level = 'red'), 0) AS red,
            sum(sign * score) AS score_sum
        FROM ended WHERE score IS NOT NULL GROUP BY org_id, day
    )
    UPDATE scoring_daytotal AS t SET
        green = t.green + d.green,
        yellow = t.yellow + d.yellow,
        red = t.red + d.red,
        score_sum = t.score_sum + d.score_sum
    FROM difference AS d
    WHERE t.org_id = d.org_id AND t."on" = d.day;
    RETURN NULL;
END $$;
CREATE TRIGGER scoring_day_totals_after_{event} AFTER {event} ON scoring_scorepoint
REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION scoring_day_totals_after_{event}();
"""
_STOOD = "SELECT * FROM standing WHERE NOT EXISTS (SELECT FROM added WHERE added.id = standing.id)"
_WENT = """
    SELECT g.id, g.org_id, g.customer_id, pairs.day, g.at, g.score, g.risk_level
    FROM gone AS g
    JOIN pairs ON pairs.org_id = g.org_id AND pairs.customer_id = g.customer_id
        AND pairs.day = (g.at AT TIME ZONE 'UTC')::date
"""
_ADDED = "SELECT org_id, customer_id, at FROM added"
_GONE = "SELECT org_id, customer_id, at FROM gone"
_EVENTS = {
    "insert": (_ADDED, _STOOD, "NEW TABLE AS added"),
    "delete": (_GONE, f"SELECT * FROM standing UNION ALL {_WENT}", "OLD TABLE AS gone"),
    "update": (
        f"{_ADDED} UNION ALL {_GONE}",
        f"{_STOOD} UNION ALL {_WENT}",
        "OLD TABLE AS gone NEW TABLE AS added",
    ),
}
_BACK = """
DROP TRIGGER scoring_day_totals_after_{event} ON scoring_scorepoint;
DROP FUNCTION scoring_day_totals_after_{event}();
"""


def _follow(event: str) -> migrations.RunSQL:
    moved, before, tables = _EVENTS[event]
    sql = _FUNCTION.format(event=event, moved=moved, before=before, tables=tables)
    return migrations.RunSQL(sql, _BACK.format(event=event))


class Migration(migrations.Migration):
    replaces = [("scoring", "0010_day_totals_follow_points")]

    dependencies = [("scoring", "0001_tables")]

    operations = [_follow(event) for event in _EVENTS]
