"""What comes from a source has one key to it and its organization together.

A row cannot name another organization than its source does, which two keys would not say.
"""

from django.db import migrations

SOURCED = ("company", "conversation", "customer", "heldrecord")


def key_to_both(table):
    """The source together with its organization."""
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {table}_source_of_org"
        " FOREIGN KEY (source_id, org_id) REFERENCES store_source (id, org_id)"
        " DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {table}_source_of_org",
    )


class Migration(migrations.Migration):
    replaces = [("store", "0008_parts_of_organizations")]

    dependencies = [
        ("store", "0002_search_words"),
    ]

    operations = [key_to_both(name) for name in SOURCED]
