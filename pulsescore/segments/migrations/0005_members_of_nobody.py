"""The database checks no member against its customer any more; see `models.Member`."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("segments", "0004_unchecked_members"),
        ("store", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="member",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="store.customer",
            ),
        ),
    ]
