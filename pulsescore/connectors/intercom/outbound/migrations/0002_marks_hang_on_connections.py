"""Marks hang on a connection and on a customer or company, which vouch for the organization."""

import django.db.models.deletion
from django.db import migrations, models


def without_own_key(name):
    """The organization of a table, not looked up for each of its rows."""
    return migrations.AlterField(
        model_name=name,
        name="org",
        field=models.ForeignKey(
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="accounts.organization",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_tables"),
        ("intercom_outbound", "0001_tables"),
    ]

    operations = [without_own_key("companymark"), without_own_key("outboundmark")]
