"""Tables of an empty database."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from pulsescore.core.create_models import CreateModels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("intercom_outbound", "0001_initial"),
        ("intercom_outbound", "0002_troubles_and_confirmations"),
        ("intercom_outbound", "0003_what_an_undo_brings_back"),
        ("intercom_outbound", "0004_send_runs"),
        ("intercom_outbound", "0005_dry_runs"),
        ("intercom_outbound", "0006_values_held_otherwise"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("accounts", "__first__"),
        ("intercom", "0001_tables"),
        ("store", "0001_tables"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="DryRun",
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
                        ("segment_id", models.BigIntegerField(null=True)),
                        ("segment_name", models.TextField(blank=True, default="")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                ],
                                default="queued",
                                max_length=8,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("total", models.IntegerField(null=True)),
                        ("looked", models.IntegerField(default=0)),
                        ("counts", models.JSONField(default=dict)),
                        ("settings_token", models.CharField(blank=True, default="", max_length=32)),
                        ("data_token", models.CharField(blank=True, default="", max_length=64)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            models.Index(
                                fields=["connection", "-id"], name="dry_runs_newest_first"
                            ),
                            models.Index(fields=["org", "-id"], name="dry_runs_of_org"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["queued", "running"])),
                                fields=("connection", "segment_id"),
                                name="dry_run_under_way_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeldOtherwise",
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
                        ("key", models.TextField()),
                        ("sent", models.JSONField(null=True)),
                        ("held", models.JSONField(null=True)),
                        (
                            "company",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
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
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
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
                                condition=models.Q(("customer__isnull", False)),
                                fields=("connection", "customer", "key"),
                                name="held_otherwise_once_of_customer",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("company__isnull", False)),
                                fields=("connection", "company", "key"),
                                name="held_otherwise_once_of_company",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutboundSettings",
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
                            "user_segments",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "lead_segments",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "company_segments",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "events",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("events_since", models.DateTimeField(null=True)),
                        ("tag_segments", models.BooleanField(default=True)),
                        ("convert_leads", models.BooleanField(default=False)),
                        ("link_companies", models.BooleanField(default=False)),
                        ("resend_archived", models.BooleanField(default=False)),
                        ("confirm_above", models.IntegerField(default=500)),
                        ("is_stopped", models.BooleanField(default=False)),
                        ("stopped_at", models.DateTimeField(null=True)),
                        ("waiting_since", models.DateTimeField(null=True)),
                        ("troubles", models.JSONField(default=dict)),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
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
                    name="OutgoingEvent",
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
                        ("name", models.TextField()),
                        ("second", models.BigIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sent", "Sent"),
                                    ("refused", "Refused"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("error", models.TextField(blank=True, default="")),
                        ("sent_at", models.DateTimeField(null=True)),
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.timelineevent",
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
                                condition=models.Q(("state", "waiting")),
                                fields=["connection", "customer"],
                                name="events_to_send",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("connection", "event"), name="event_sent_once"
                            ),
                            models.UniqueConstraint(
                                fields=("connection", "customer", "name", "second"),
                                name="event_second_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlannedLine",
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
                        ("place", models.IntegerField()),
                        ("told", models.JSONField()),
                        (
                            "company",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
                            ),
                        ),
                        (
                            "dry_run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="intercom_outbound.dryrun",
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
                                fields=("dry_run", "place"), name="planned_line_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentTag",
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
                        ("segment_id", models.BigIntegerField()),
                        ("tag_id", models.TextField(null=True)),
                        ("name", models.TextField()),
                        ("is_ours", models.BooleanField()),
                        ("ended_at", models.DateTimeField(null=True)),
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
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("connection", "segment_id"),
                                name="tag_once_per_segment",
                            ),
                            models.UniqueConstraint(
                                fields=("connection", "tag_id"), name="segment_tag_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AppliedTag",
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
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
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
                        (
                            "tag",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="intercom_outbound.segmenttag",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "tag"), name="tag_applied_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SendRun",
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
                            "scope",
                            models.CharField(
                                choices=[
                                    ("everybody", "Everybody chosen"),
                                    ("users", "Users"),
                                    ("leads", "Leads"),
                                    ("companies", "Companies"),
                                    ("segment", "A segment"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("segment_id", models.BigIntegerField(null=True)),
                        ("segment_name", models.TextField(blank=True, default="")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("looking", "Comparing"),
                                    ("sending", "Sending"),
                                    ("held", "Waits for a word"),
                                    ("done", "Done"),
                                    ("stopped", "Ended early"),
                                ],
                                default="queued",
                                max_length=8,
                            ),
                        ),
                        ("asked_via", models.CharField(max_length=8)),
                        ("asked_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("total", models.IntegerField(default=0)),
                        ("passed", models.IntegerField(default=0)),
                        ("looked", models.IntegerField(default=0)),
                        ("differing", models.IntegerField(default=0)),
                        ("settled", models.IntegerField(default=0)),
                        ("written", models.IntegerField(default=0)),
                        ("refused", models.IntegerField(default=0)),
                        ("left", models.IntegerField(default=0)),
                        ("reason", models.TextField(blank=True, default="")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            models.Index(
                                fields=["connection", "-id"], name="send_runs_newest_first"
                            ),
                            models.Index(fields=["org", "-id"], name="send_runs_of_org"),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["queued", "looking", "sending", "held"])
                                ),
                                fields=["connection", "id"],
                                name="send_runs_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutboundTask",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("held", "Waits for confirmation"),
                                    ("refused", "Refused"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("marks", models.BigIntegerField(db_default=1, default=1)),
                        ("is_forced", models.BooleanField(db_default=False, default=False)),
                        ("is_confirmed", models.BooleanField(db_default=False, default=False)),
                        ("is_automatic", models.BooleanField(db_default=True, default=True)),
                        (
                            "tags_to_add",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        (
                            "tags_to_remove",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("values", models.JSONField(db_default={}, default=dict)),
                        ("archives", models.BooleanField(db_default=False, default=False)),
                        ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                        ("next_at", models.DateTimeField()),
                        ("queued_at", models.DateTimeField()),
                        ("error", models.TextField(blank=True, db_default="", default="")),
                        (
                            "error_code",
                            models.CharField(blank=True, db_default="", default="", max_length=40),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
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
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
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
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="intercom_outbound.sendrun",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["connection", "state", "next_at", "id"], name="outbound_due"
                            ),
                            models.Index(
                                condition=models.Q(("run__isnull", False)),
                                fields=["run", "state"],
                                name="tasks_of_run",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("customer__isnull", False)),
                                fields=("connection", "customer"),
                                name="task_once_per_customer",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("company__isnull", False)),
                                fields=("connection", "company"),
                                name="task_once_per_company",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("company__isnull", False), ("customer__isnull", True)
                                    ),
                                    models.Q(
                                        ("company__isnull", True), ("customer__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="task_is_about_one_thing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutboundMark",
                    fields=[
                        ("is_automatic", models.BooleanField(db_default=True, default=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "connection_id",
                                "customer_id",
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
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
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="intercom_outbound.sendrun",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("run__isnull", False)),
                                fields=["run"],
                                name="marks_of_run",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CompanyMark",
                    fields=[
                        ("is_automatic", models.BooleanField(db_default=True, default=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "connection_id",
                                "company_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
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
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.organization",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="intercom_outbound.sendrun",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("run__isnull", False)),
                                fields=["run"],
                                name="company_marks_of_run",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WithheldValue",
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
                        ("key", models.TextField()),
                        ("value", models.JSONField(null=True)),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("refused", "Refused by Intercom"),
                                    ("undone", "Undone by a member"),
                                    ("unfit", "Does not fit the attribute"),
                                    ("cut", "Sent shortened"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("message", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        (
                            "company",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
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
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
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
                                condition=models.Q(("customer__isnull", False)),
                                fields=("connection", "customer", "key"),
                                name="withheld_once_of_customer",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("company__isnull", False)),
                                fields=("connection", "company", "key"),
                                name="withheld_once_of_company",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WriteRecord",
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
                        ("external_id", models.TextField(blank=True, default="")),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        ("error", models.TextField(blank=True, default="")),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "company",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
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
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
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
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="intercom_outbound.sendrun",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["connection", "-at", "-id"], name="writes_newest_first"
                            ),
                            models.Index(
                                condition=models.Q(("customer__isnull", False)),
                                fields=["customer", "-at"],
                                name="writes_of_customer",
                            ),
                            models.Index(
                                condition=models.Q(("run__isnull", False)),
                                fields=["run", "-at", "-id"],
                                name="writes_of_run",
                            ),
                            models.Index(
                                condition=models.Q(("company__isnull", False)),
                                fields=["company"],
                                name="writes_of_company",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
