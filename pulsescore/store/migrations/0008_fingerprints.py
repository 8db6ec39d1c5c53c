"""By what a record is recognised that tells what is stored already."""

from django.db import migrations


def column(table):
    """The column, where the table was made without it; no condition is estimated by it."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS fingerprint bytea NULL,"
        " ALTER COLUMN fingerprint SET STATISTICS 0",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_more_keys_by_locks"),
    ]

    operations = [column(f"store_{name}") for name in ("customer", "company", "conversation")]
