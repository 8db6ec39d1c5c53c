"""The inbox is partitioned by day of arrival; the receipts beside it know which ids arrived.

Only the receipts refer to others by constraints: each part of the inbox would lock them when it is
made or dropped. Identity columns of partitioned tables came with PostgreSQL 17 only: the id takes
its numbers from a sequence.
"""

from datetime import date, timedelta
from typing import Any

from django.db import migrations

INBOX = "intercom_inboxnotification"
DAYS_AHEAD = 8

PARTITIONED = f"""
    ALTER TABLE {INBOX} RENAME TO {INBOX}_model;
    ALTER INDEX inbox_pending RENAME TO {INBOX}_model_pending;
    ALTER INDEX inbox_newest_first RENAME TO {INBOX}_model_newest_first;
    ALTER TABLE {INBOX}_model ALTER COLUMN id DROP IDENTITY;
    CREATE SEQUENCE {INBOX}_id_seq AS bigint;
    CREATE TABLE {INBOX} (LIKE {INBOX}_model INCLUDING DEFAULTS) PARTITION BY RANGE (received_at);
    ALTER TABLE {INBOX} ALTER COLUMN id SET DEFAULT nextval('{INBOX}_id_seq');
    ALTER SEQUENCE {INBOX}_id_seq OWNED BY {INBOX}.id;
    ALTER TABLE {INBOX} ADD PRIMARY KEY (id, received_at);
    CREATE INDEX inbox_pending ON {INBOX} (connection_id, next_attempt_at, id)
        WHERE state = 'pending';
    CREATE INDEX inbox_newest_first ON {INBOX} (connection_id, received_at DESC);
    CREATE TABLE {INBOX}_any PARTITION OF {INBOX} DEFAULT;
    DROP TABLE {INBOX}_model
"""


def to_partitions(apps: Any, schema_editor: Any) -> None:
    """Replace the empty table by a partitioned one, with a part for each of the next days."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(PARTITIONED)
        cursor.execute("SELECT (now() AT TIME ZONE 'UTC')::date")
        (today,) = cursor.fetchone()
        for ahead in range(DAYS_AHEAD):
            _add_day(cursor, today + timedelta(days=ahead))


def _add_day(cursor: Any, day: date) -> None:
    until = day + timedelta(days=1)
    cursor.execute(
        f"CREATE TABLE {INBOX}_{day:%Y%m%d} PARTITION OF {INBOX}"
        f" FOR VALUES FROM ('{day}T00:00:00Z') TO ('{until}T00:00:00Z')"
    )


class Migration(migrations.Migration):
    replaces = [("intercom", "0006_inbox_by_day")]

    dependencies = [
        ("intercom", "0001_tables"),
    ]

    operations = [
        migrations.RunPython(to_partitions),
    ]
