"""Marks and scores hang on a customer or a company; the database need not check both."""

import django.db.models.deletion
from django.db import migrations, models

PARTS = ("companyscore", "healthscore", "scoredcompany", "scoredcustomer", "scorepoint")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("scoring", "0010_day_totals_follow_points"),
    ]

    operations = [
        migrations.AlterField(
            name,
            "org",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        )
        for name in PARTS
    ]
