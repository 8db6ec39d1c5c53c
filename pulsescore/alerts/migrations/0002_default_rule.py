"""Organizations that are there already get the rule that new ones begin with."""

from django.db import migrations

_RULES = """
    INSERT INTO alerts_alertrule (
        org_id, name, kind, params, channels, audience, cooldown_hours, enabled, is_default
    )
    SELECT
        id,
        'Support escalation: a customer becomes Critical',
        'level_becomes',
        '{"level": "red"}',
        '{"in_app": true, "email": true, "webhook": true, "slack": []}',
        'everyone',
        24,
        TRUE,
        TRUE
    FROM accounts_organization
    WHERE deleted_at IS NULL
    ORDER BY id
"""
_WATCHES = """
    INSERT INTO scoring_scorewatch (
        org_id, watcher, any_change, levels, level_margin, edges, factor_edges
    )
    SELECT id, 'alerts', FALSE, TRUE, 3, '{}', '{}'
    FROM accounts_organization
    WHERE deleted_at IS NULL
    ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), ("scoring", "0007_score_marks")]

    operations = [
        migrations.RunSQL(_RULES, migrations.RunSQL.noop),
        migrations.RunSQL(_WATCHES, migrations.RunSQL.noop),
    ]
