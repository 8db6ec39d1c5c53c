"""Neither are members and timeline entries: who writes them holds a lock that erasing takes, too."""

import django.db.models.deletion
from django.db import migrations, models


def unchecked():
    """The customer whom the database does not look up."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="store.customer",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0006_search_words_sooner"),
    ]

    operations = [
        migrations.AlterField(model_name="companymember", name="customer", field=unchecked()),
        migrations.AlterField(model_name="timelineevent", name="customer", field=unchecked()),
    ]
