"""Organizations that are there already get the segments that new ones begin with."""

from django.db import migrations

_SEGMENTS = """
    INSERT INTO segments_segment (org_id, kind, name, rule, is_time_dependent, is_starter)
    SELECT org.id, 'customer', one.name, one.rule::jsonb, one.timed, TRUE
    FROM accounts_organization AS org
    CROSS JOIN (VALUES
        (1, 'Critical', '{"all": [{"field": "risk_level", "op": "eq", "value": "red"}]}', FALSE),
        (2, 'At risk', '{"all": [{"field": "risk_level", "op": "eq", "value": "yellow"}]}', FALSE),
        (3, 'Healthy', '{"all": [{"field": "risk_level", "op": "eq", "value": "green"}]}', FALSE),
        (4, 'New this month',
            '{"all": [{"field": "first_seen_at", "op": "within_days", "value": 30}]}', TRUE),
        (5, 'Silent for 30 days',
            '{"all": [{"field": "last_seen_at", "op": "not_within_days", "value": 30},
                {"field": "last_replied_at", "op": "not_within_days", "value": 30},
                {"field": "first_seen_at", "op": "not_within_days", "value": 30}]}', TRUE),
        (6, 'Waiting on us',
            '{"all": [{"field": "waiting_conversations", "op": "gte", "value": 1}]}', FALSE)
    ) AS one (place, name, rule, timed)
    WHERE org.deleted_at IS NULL
    ORDER BY org.id, one.place
"""


class Migration(migrations.Migration):
    dependencies = [("segments", "0001_initial")]

    operations = [migrations.RunSQL(_SEGMENTS, migrations.RunSQL.noop)]
