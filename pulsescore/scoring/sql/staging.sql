-- Results on their way into the tables; one per session, emptied when a transaction ends.
CREATE TEMPORARY TABLE IF NOT EXISTS scoring_staged (
    customer_id int8 NOT NULL,
    score int2 NOT NULL,
    level int2 NOT NULL,
    reason int2 NOT NULL,
    score_before int2 NOT NULL,
    level_before int2 NOT NULL,
    point int2 NOT NULL,
    recent int4 NOT NULL,
    cap int2 NOT NULL,
    computed int2 NOT NULL,
    override int8 NOT NULL,
    override_before int8 NOT NULL,
    raw1 float8 NOT NULL, raw2 float8 NOT NULL, raw3 float8 NOT NULL,
    raw4 float8 NOT NULL, raw5 float8 NOT NULL,
    value1 float8 NOT NULL, value2 float8 NOT NULL, value3 float8 NOT NULL,
    value4 float8 NOT NULL, value5 float8 NOT NULL
) ON COMMIT DELETE ROWS
