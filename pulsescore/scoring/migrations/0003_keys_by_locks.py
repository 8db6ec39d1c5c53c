"""Scores, points and marks are not checked row by row: the lock of the scores says who exists."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_day_totals_follow_points"),
        ("store", "0004_keys_by_locks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="healthscore",
            name="customer",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                serialize=False,
                to="store.customer",
            ),
        ),
        migrations.AlterField(
            model_name="scoredcustomer",
            name="customer",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                serialize=False,
                to="store.customer",
            ),
        ),
        migrations.AlterField(
            model_name="scorepoint",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="store.customer",
            ),
        ),
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
