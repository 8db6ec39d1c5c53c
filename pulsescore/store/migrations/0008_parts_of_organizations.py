"""Rows that hang on another row of their organization need no key to the organization as well.

What comes from a source has one key to both: a row cannot name another organization than its
source does, which two keys did not say.
"""

import django.db.models.deletion
from django.db import migrations, models

SOURCED = ("company", "conversation", "customer", "heldrecord")
PARTS = (
    *SOURCED,
    "companymember",
    "conversationactivity",
    "dirtycompany",
    "dirtycustomer",
    "participant",
    "timelineevent",
)


def unchecked(to):
    """A foreign key that the database does not check by itself."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=to,
    )


def key_to_both(table):
    """The source together with its organization."""
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {table}_source_of_org"
        " FOREIGN KEY (source_id, org_id) REFERENCES store_source (id, org_id)"
        " DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {table}_source_of_org",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("store", "0007_leads_of_the_messenger"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("id", "org"), name="source_and_org"),
        ),
        *(migrations.AlterField(name, "org", unchecked("accounts.organization")) for name in PARTS),
        *(migrations.AlterField(name, "source", unchecked("store.source")) for name in SOURCED),
        *(key_to_both(name) for name in SOURCED),
    ]
