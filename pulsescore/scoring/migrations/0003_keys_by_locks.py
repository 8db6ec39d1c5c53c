"""Scores, points and marks are not checked row by row: the lock of the scores says who exists."""

from django.db import migrations

from pulsescore.core.unchecked_keys import drop_key


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_day_totals_follow_points"),
        ("store", "0004_keys_by_locks"),
    ]

    operations = [
        drop_key("scoring_healthscore", "customer_id"),
        drop_key("scoring_scoredcustomer", "customer_id"),
        drop_key("scoring_scorepoint", "customer_id"),
        # The parts of a score, which no condition is estimated by: gathering statistics of them
        # took most of what it takes for the table.
        migrations.RunSQL(
            "ALTER TABLE scoring_healthscore ALTER COLUMN raws SET STATISTICS 0,"
            ' ALTER COLUMN "values" SET STATISTICS 0',
            "ALTER TABLE scoring_healthscore ALTER COLUMN raws SET STATISTICS -1,"
            ' ALTER COLUMN "values" SET STATISTICS -1',
        ),
        migrations.RunSQL(
            "ALTER TABLE scoring_scorepoint ALTER COLUMN raws SET STATISTICS 0,"
            ' ALTER COLUMN "values" SET STATISTICS 0',
            "ALTER TABLE scoring_scorepoint ALTER COLUMN raws SET STATISTICS -1,"
            ' ALTER COLUMN "values" SET STATISTICS -1',
        ),
    ]
