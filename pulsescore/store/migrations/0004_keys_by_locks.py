"""Participants are not checked row by row: the lock of their source says that both ends exist.

Nor are the companies of members, which go only with their organization.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_keys_to_both"),
    ]

    operations = [
        migrations.AlterField(
            model_name="companymember",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="store.company",
            ),
        ),
        migrations.AlterField(
            model_name="participant",
            name="conversation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="store.conversation",
            ),
        ),
        migrations.AlterField(
            model_name="participant",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="store.customer",
            ),
        ),
    ]
