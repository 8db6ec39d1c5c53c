"""No statistics of columns by which no condition is estimated.

PostgreSQL gathers them of every column as soon as an import has filled a table, and scores wait for
it. What rows are looked up or sorted by keeps its own; documents, hashes, lists of names and what
is only read once a row was found have none. Rules of segments read everybody, whatever they ask.
"""

from django.db import migrations

_OF_A_SOURCE = (
    "observed_at",
    "confirmed_at",
    "content_hash",
    "field_versions",
    "updated_at",
    "deleted_reason",
)
UNREAD = {
    "store_customer": (
        *_OF_A_SOURCE,
        "phone",
        "avatar_url",
        "country",
        "region",
        "city",
        "browser",
        "os",
        "language",
        "unsubscribed_from_emails",
        "has_hard_bounced",
        "marked_email_as_spam",
        "last_replied_at",
        "last_contacted_at",
        "metadata",
        "attributes",
        "company_external_ids",
        "traits",
        "trait_times",
    ),
    "store_conversation": (
        *_OF_A_SOURCE,
        "created_at",
        "subject",
        "waiting_since",
        "snoozed_until",
        "last_admin_reply_at",
        "last_contact_reply_at",
        "first_admin_reply_at",
        "first_closed_at",
        "time_to_first_response_secs",
        "time_to_resolution_secs",
        "assignment_count",
        "stats_version_at",
        "stats_reopens",
        "stats_assignments",
        "assignee_external_id",
        "team_external_id",
        "priority",
        "rating",
        "rating_remark",
        "source_type",
        "delivered_as",
        "author_type",
        "tags",
        "statistics",
        "contact_external_ids",
    ),
    "store_heldrecord": ("detail", "record", "content_hash"),
    "store_timelineevent": ("properties", "context"),
}


def gather(table, columns, target):
    """How much to remember of each of these columns: 0 is nothing, -1 what is usual."""
    changes = ", ".join(f'ALTER COLUMN "{name}" SET STATISTICS {target}' for name in columns)
    return f"ALTER TABLE {table} {changes}"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_keys_by_locks"),
    ]

    operations = [
        migrations.RunSQL(gather(table, columns, 0), gather(table, columns, -1))
        for table, columns in UNREAD.items()
    ]
