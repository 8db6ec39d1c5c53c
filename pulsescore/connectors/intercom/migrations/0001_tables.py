"""Tables of an empty database."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from pulsescore.core.create_models import CreateModels
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("intercom", "0001_initial"),
        ("intercom", "0002_permissions_gaps_severity"),
        ("intercom", "0003_nightly_checks"),
        ("intercom", "0004_thorough_runs"),
        ("intercom", "0005_window_endings"),
        ("intercom", "0007_mappings"),
        ("intercom", "0008_mapping_marks"),
        ("intercom", "0009_fetches"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("store", "0001_tables"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Connection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("workspace_id", models.TextField()),
                        ("workspace_name", models.TextField(blank=True)),
                        ("workspace_time_zone", models.TextField(default="UTC")),
                        (
                            "region",
                            models.CharField(
                                choices=[
                                    ("us", "United States"),
                                    ("eu", "Europe"),
                                    ("au", "Australia"),
                                ],
                                default="us",
                                max_length=2,
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[("read_only", "Read only"), ("two_way", "Two-way")],
                                default="read_only",
                                max_length=9,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("connected", "Connected"),
                                    ("syncing", "Syncing"),
                                    ("needs_attention", "Needs attention"),
                                    ("disconnected", "Disconnected"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("sealed_token", models.BinaryField(null=True)),
                        ("token_last4", models.CharField(blank=True, max_length=4)),
                        ("sealed_webhook_secret", models.BinaryField(null=True)),
                        ("webhook_secret_last4", models.CharField(blank=True, max_length=4)),
                        ("sealed_previous_webhook_secret", models.BinaryField(null=True)),
                        ("previous_webhook_secret_until", models.DateTimeField(null=True)),
                        ("conversation_days", models.IntegerField(default=90)),
                        (
                            "largest_loss_percent",
                            models.SmallIntegerField(db_default=20, default=20),
                        ),
                        ("sync_interval_secs", models.IntegerField(default=300)),
                        ("permissions", models.JSONField(default=dict)),
                        ("permissions_checked_at", models.DateTimeField(null=True)),
                        ("last_sync_at", models.DateTimeField(null=True)),
                        ("synced_through", models.DateTimeField(null=True)),
                        ("last_error", models.TextField(blank=True)),
                        ("attention_code", models.CharField(blank=True, max_length=32)),
                        ("attention_since", models.DateTimeField(null=True)),
                        ("admins_told_at", models.DateTimeField(null=True)),
                        ("last_webhook_at", models.DateTimeField(null=True)),
                        ("connected_at", models.DateTimeField()),
                        ("disconnected_at", models.DateTimeField(null=True)),
                        (
                            "org",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.organization",
                            ),
                        ),
                        (
                            "source",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace_id"], name="connections_of_workspace")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("org", "workspace_id"), name="workspace_once_per_org"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DirectoryEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=24)),
                        ("external_id", models.TextField()),
                        ("name", models.TextField(blank=True)),
                        ("email", models.TextField(blank=True)),
                        ("details", models.JSONField(default=dict)),
                        ("seen_at", models.DateTimeField()),
                        (
                            "connection",
                            models.ForeignKey(
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("connection", "kind", "external_id"),
                                name="directory_entry_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InboxNotification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("notification_id", models.TextField()),
                        ("topic", models.TextField()),
                        ("body", models.BinaryField()),
                        ("notified_at", models.DateTimeField(null=True)),
                        ("received_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("done", "Done"),
                                    ("dead", "Dead letter"),
                                    ("ignored", "Unknown topic"),
                                ],
                                db_default="pending",
                                max_length=8,
                            ),
                        ),
                        ("attempts", models.IntegerField(db_default=0)),
                        (
                            "next_attempt_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("processed_at", models.DateTimeField(null=True)),
                        ("error", models.TextField(db_default="")),
                        (
                            "connection",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="intercom.connection",
                            ),
                        ),
                        (
                            "org",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.organization",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "pending")),
                                fields=["connection", "next_attempt_at", "id"],
                                name="inbox_pending",
                            ),
                            models.Index(
                                fields=["connection", "-received_at"], name="inbox_newest_first"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncomingMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("intercom", models.TextField()),
                        ("attribute", models.TextField()),
                        ("overwrite", models.BooleanField(default=False)),
                        ("position", models.SmallIntegerField(default=0)),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("connection", "attribute"), name="incoming_attribute_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LogEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("kind", models.CharField(max_length=24)),
                        (
                            "severity",
                            models.CharField(
                                choices=[
                                    ("info", "For information"),
                                    ("warning", "Warning"),
                                    ("error", "Error"),
                                ],
                                db_default="info",
                                max_length=8,
                            ),
                        ),
                        ("message", models.TextField()),
                        ("details", models.JSONField(default=dict)),
                        (
                            "connection",
                            models.ForeignKey(
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
                        "indexes": [
                            models.Index(fields=["connection", "-at"], name="log_newest_first")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MappingMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("reached_customer", models.BigIntegerField(default=0)),
                        ("reached_company", models.BigIntegerField(default=0)),
                        ("changed_at", models.DateTimeField()),
                        (
                            "connection",
                            models.OneToOneField(
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
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="NotificationReceipt",
                    fields=[
                        ("notification_id", models.TextField()),
                        ("received_at", models.DateTimeField()),
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
                        "indexes": [
                            models.Index(fields=["received_at"], name="receipts_oldest_first")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutgoingMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "object",
                            models.CharField(
                                choices=[("contact", "Contacts"), ("company", "Companies")],
                                max_length=8,
                            ),
                        ),
                        ("attribute", models.TextField()),
                        ("intercom", models.TextField()),
                        ("overwrite", models.BooleanField(default=False)),
                        ("position", models.SmallIntegerField(default=0)),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("connection", "object", "intercom"),
                                name="outgoing_target_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PendingRefetch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=16)),
                        ("external_id", models.TextField()),
                        ("marks", models.BigIntegerField(default=1)),
                        (
                            "because",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        ("marked_at", models.DateTimeField()),
                        ("attempts", models.IntegerField(default=0)),
                        ("next_attempt_at", models.DateTimeField()),
                        ("error", models.TextField(default="")),
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
                        "indexes": [
                            models.Index(
                                fields=["connection", "next_attempt_at"], name="refetches_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("connection", "kind", "external_id"), name="refetch_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SyncRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("full", "Full import"),
                                    ("incremental", "Incremental"),
                                    ("nightly", "Nightly check"),
                                    ("reconcile", "Reconcile"),
                                    ("fetch", "Fetch"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("users", "Users"),
                                    ("leads", "Leads"),
                                    ("companies", "Companies"),
                                ],
                                db_default="",
                                default="",
                                max_length=12,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("running", "Running"),
                                    ("succeeded", "Succeeded"),
                                    ("failed", "Failed"),
                                    ("canceled", "Canceled"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("trigger", models.CharField(default="schedule", max_length=16)),
                        ("accepts_losses", models.BooleanField(db_default=False, default=False)),
                        ("phase", models.CharField(blank=True, max_length=24)),
                        ("done", models.IntegerField(default=0)),
                        ("total", models.IntegerField(null=True)),
                        ("imported", models.IntegerField(default=0)),
                        ("skipped", models.IntegerField(default=0)),
                        ("failed", models.IntegerField(default=0)),
                        ("unannounced", models.IntegerField(db_default=0, default=0)),
                        ("phases", models.JSONField(default=dict)),
                        ("since", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("error", models.TextField(blank=True)),
                        (
                            "connection",
                            models.ForeignKey(
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
                        "indexes": [
                            models.Index(
                                fields=["connection", "-created_at"], name="runs_newest_first"
                            ),
                            models.Index(
                                condition=models.Q(("kind", "fetch")),
                                fields=["connection", "scope", "-created_at"],
                                name="fetches_newest_first",
                            ),
                            models.Index(
                                condition=models.Q(("kind__in", ["full", "reconcile"])),
                                fields=["org", "-created_at"],
                                name="thorough_runs_newest_first",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "running")),
                                fields=("connection",),
                                name="one_run_running",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "queued")),
                                fields=("connection", "scope"),
                                name="one_run_queued_of_a_scope",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SyncWindow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("phase", models.CharField(max_length=24)),
                        ("lower", models.DateTimeField(null=True)),
                        ("upper", models.DateTimeField(null=True)),
                        ("endings", models.CharField(blank=True, default="", max_length=16)),
                        ("cursor", models.TextField(blank=True)),
                        ("expected", models.IntegerField(default=0)),
                        ("read", models.IntegerField(default=0)),
                        ("finished", models.BooleanField(default=False)),
                        (
                            "org",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.organization",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="intercom.syncrun",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["run", "phase"], name="windows_of_phase")],
                    },
                ),
                migrations.CreateModel(
                    name="TopicDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("topic", models.TextField()),
                        ("deliveries", models.BigIntegerField(default=0)),
                        ("last_received_at", models.DateTimeField()),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("connection", "topic"), name="topic_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
