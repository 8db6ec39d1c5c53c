"""The inbox is partitioned by day of arrival; a small table beside it knows which ids arrived.

Only that table refers to others by constraints: each part of the inbox would lock them when it is
made or dropped. What is stored becomes the first partition as it stands, without being copied. An empty table is
made anew instead.
"""

from datetime import date, timedelta
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

INBOX = "intercom_inboxnotification"
RECEIPT = "intercom_notificationreceipt"
DAYS_AHEAD = 8

REMEMBER = f"""
    INSERT INTO {RECEIPT} (org_id, connection_id, notification_id, received_at)
    SELECT org_id, connection_id, notification_id, received_at FROM {INBOX}
"""

# Identity columns of partitioned tables came with PostgreSQL 17 only: the id takes its numbers
# from a sequence, which goes on where the former one stood.
FORMER = f"""
    ALTER TABLE {INBOX} RENAME TO {INBOX}_former;
    ALTER INDEX inbox_pending RENAME TO {INBOX}_former_pending;
    ALTER INDEX inbox_newest_first RENAME TO {INBOX}_former_newest_first;
    ALTER TABLE {INBOX}_former DROP CONSTRAINT notification_once;
    ALTER TABLE {INBOX}_former ALTER COLUMN id DROP IDENTITY
"""
PARTITIONED = f"""
    CREATE SEQUENCE {INBOX}_id_seq AS bigint START %d;
    CREATE TABLE {INBOX} (LIKE {INBOX}_former INCLUDING DEFAULTS) PARTITION BY RANGE (received_at);
    ALTER TABLE {INBOX} ALTER COLUMN id SET DEFAULT nextval('{INBOX}_id_seq');
    ALTER SEQUENCE {INBOX}_id_seq OWNED BY {INBOX}.id;
    ALTER TABLE {INBOX} ADD PRIMARY KEY (id, received_at);
    CREATE INDEX inbox_pending ON {INBOX} (connection_id, next_attempt_at, id)
        WHERE state = 'pending';
    CREATE INDEX inbox_newest_first ON {INBOX} (connection_id, received_at DESC);
    CREATE TABLE {INBOX}_any PARTITION OF {INBOX} DEFAULT
"""


def to_partitions(apps: Any, schema_editor: Any) -> None:
    """Replace the table by a partitioned one, and keep what it holds."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {INBOX} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(REMEMBER)
        cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{INBOX}', 'id'))")
        (number,) = cursor.fetchone()
        cursor.execute(FORMER)
        cursor.execute(PARTITIONED % number)
        cursor.execute(
            "SELECT (now() AT TIME ZONE 'UTC')::date, (max(received_at) AT TIME ZONE 'UTC')::date"
            f" FROM {INBOX}_former"
        )
        today, newest = cursor.fetchone()
        first = _keep_former(cursor, today, newest)
        for ahead in range(DAYS_AHEAD):
            _add_day(cursor, first + timedelta(days=ahead))


def _keep_former(cursor: Any, today: date, newest: date | None) -> date:
    """Attach what there was, if anything; returns the first day that needs a partition."""
    if newest is None:
        cursor.execute(f"DROP TABLE {INBOX}_former")
        return today
    until = max(today, newest) + timedelta(days=1)
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype IN ('p', 'f')"
        f" AND conrelid = '{INBOX}_former'::regclass"
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {INBOX}_former DROP CONSTRAINT "{name}"')
    cursor.execute(
        f"ALTER TABLE {INBOX} ATTACH PARTITION {INBOX}_former"
        f" FOR VALUES FROM (MINVALUE) TO ('{until}T00:00:00Z')"
    )
    return until


def _add_day(cursor: Any, day: date) -> None:
    until = day + timedelta(days=1)
    cursor.execute(
        f"CREATE TABLE {INBOX}_{day:%Y%m%d} PARTITION OF {INBOX}"
        f" FOR VALUES FROM ('{day}T00:00:00Z') TO ('{until}T00:00:00Z')"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("intercom", "0005_window_endings"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotificationReceipt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "connection_id",
                        "notification_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("notification_id", models.TextField()),
                ("received_at", models.DateTimeField()),
                (
                    "connection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intercom.connection",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["received_at"], name="receipts_oldest_first")],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(to_partitions, elidable=False)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="inboxnotification", name="notification_once"
                ),
                *(
                    migrations.AlterField(
                        model_name="inboxnotification",
                        name=name,
                        field=models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=to,
                        ),
                    )
                    for name, to in (
                        ("connection", "intercom.connection"),
                        ("org", "accounts.organization"),
                    )
                ),
            ],
        ),
    ]
