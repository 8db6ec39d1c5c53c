"""Tables of an empty database."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.datetime
from pulsescore.core.create_models import CreateModels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("store", "0001_initial"),
        ("store", "0002_source_revision"),
        ("store", "0003_company_marks_and_edited_notes"),
        ("store", "0005_source_segments"),
        ("store", "0006_our_own_attributes"),
        ("store", "0007_leads_of_the_messenger"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("accounts", "__first__"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Source",
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
                        ("kind", models.CharField(max_length=32)),
                        ("revision", models.BigIntegerField(db_default=0, default=0)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
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
                        "indexes": [models.Index(fields=["org", "kind"], name="source_of_org")],
                        "constraints": [
                            models.UniqueConstraint(fields=("id", "org"), name="source_and_org")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
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
                        ("external_id", models.TextField()),
                        ("remote_updated_at", models.DateTimeField(null=True)),
                        ("observed_at", models.DateTimeField()),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("content_hash", models.BinaryField(null=True)),
                        ("fingerprint", models.BinaryField(null=True)),
                        ("field_versions", models.JSONField(null=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(null=True)),
                        ("deleted_reason", models.CharField(max_length=16, null=True)),
                        ("external_user_id", models.TextField(null=True)),
                        ("email", models.TextField(null=True)),
                        ("name", models.TextField(null=True)),
                        ("contact_role", models.CharField(max_length=8)),
                        ("phone", models.TextField(null=True)),
                        ("avatar_url", models.TextField(null=True)),
                        ("owner_external_id", models.TextField(null=True)),
                        ("country", models.TextField(null=True)),
                        ("region", models.TextField(null=True)),
                        ("city", models.TextField(null=True)),
                        ("browser", models.TextField(null=True)),
                        ("os", models.TextField(null=True)),
                        ("language", models.TextField(null=True)),
                        ("unsubscribed_from_emails", models.BooleanField(null=True)),
                        ("has_hard_bounced", models.BooleanField(null=True)),
                        ("marked_email_as_spam", models.BooleanField(null=True)),
                        ("first_seen_at", models.DateTimeField(null=True)),
                        ("signed_up_at", models.DateTimeField(null=True)),
                        ("last_seen_at", models.DateTimeField(null=True)),
                        ("last_replied_at", models.DateTimeField(null=True)),
                        ("last_contacted_at", models.DateTimeField(null=True)),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("metadata", models.JSONField(default=dict)),
                        ("attributes", models.JSONField(default=dict)),
                        (
                            "company_external_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        (
                            "unknown_companies",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), null=True, size=None
                            ),
                        ),
                        ("traits", models.JSONField(db_default={}, default=dict)),
                        ("trait_times", models.JSONField(db_default={}, default=dict)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
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
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["org", "name", "id"], name="customer_by_name"),
                            models.Index(
                                fields=["org", "last_seen_at", "id"], name="customer_by_last_seen"
                            ),
                            models.Index(
                                fields=["org", "first_seen_at", "id"], name="customer_by_first_seen"
                            ),
                            models.Index(fields=["org", "email"], name="customer_by_email"),
                            models.Index(
                                fields=["org", "created_at", "id"], name="customer_by_created"
                            ),
                            models.Index(
                                condition=models.Q(("owner_external_id__isnull", False)),
                                fields=["org", "owner_external_id", "id"],
                                name="customer_by_owner",
                            ),
                            models.Index(
                                condition=models.Q(("deleted_at__isnull", False)),
                                fields=["org", "deleted_at", "id"],
                                name="customer_deleted",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                condition=models.Q(("unknown_companies__isnull", False)),
                                fields=["unknown_companies"],
                                name="customer_awaiting_company",
                            ),
                            models.Index(
                                condition=models.Q(("external_user_id__isnull", False)),
                                fields=["org", "external_user_id"],
                                name="customer_by_user_id",
                            ),
                            models.Index(
                                models.F("org"),
                                django.db.models.fields.json.KeyTextTransform(
                                    "intercom/external_id", "attributes"
                                ),
                                condition=models.Q(("contact_role", "lead")),
                                name="customer_by_lead_id",
                            ),
                            models.Index(
                                condition=models.Q(("merged_into__isnull", False)),
                                fields=["merged_into"],
                                name="customer_merged_into",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="customer_identity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
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
                        ("body", models.TextField()),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("edited_at", models.DateTimeField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    name="Identity",
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
                        ("key", models.TextField()),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
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
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "kind", "key"), name="identity_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeldRecord",
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
                        ("reason", models.CharField(max_length=32)),
                        ("detail", models.TextField(blank=True)),
                        (
                            "waits_for",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("record", models.JSONField(null=True)),
                        ("content_hash", models.BinaryField(null=True)),
                        ("remote_updated_at", models.DateTimeField(null=True)),
                        ("observed_at", models.DateTimeField()),
                        (
                            "held_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
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
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                condition=models.Q(("waits_for", []), _negated=True),
                                fields=["waits_for"],
                                name="held_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "kind", "external_id"), name="held_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
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
                        ("external_id", models.TextField()),
                        ("remote_updated_at", models.DateTimeField(null=True)),
                        ("observed_at", models.DateTimeField()),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("content_hash", models.BinaryField(null=True)),
                        ("fingerprint", models.BinaryField(null=True)),
                        ("field_versions", models.JSONField(null=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(null=True)),
                        ("deleted_reason", models.CharField(max_length=16, null=True)),
                        ("status", models.CharField(max_length=8)),
                        ("subject", models.TextField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("waiting_since", models.DateTimeField(null=True)),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("last_admin_reply_at", models.DateTimeField(null=True)),
                        ("last_contact_reply_at", models.DateTimeField(null=True)),
                        ("first_admin_reply_at", models.DateTimeField(null=True)),
                        ("first_closed_at", models.DateTimeField(null=True)),
                        ("time_to_first_response_secs", models.BigIntegerField(null=True)),
                        ("time_to_resolution_secs", models.BigIntegerField(null=True)),
                        ("reopen_count", models.IntegerField(default=0)),
                        ("assignment_count", models.IntegerField(default=0)),
                        ("stats_version_at", models.DateTimeField(null=True)),
                        ("stats_reopens", models.IntegerField(default=0)),
                        ("stats_assignments", models.IntegerField(default=0)),
                        ("assignee_external_id", models.TextField(null=True)),
                        ("team_external_id", models.TextField(null=True)),
                        ("priority", models.CharField(max_length=16, null=True)),
                        ("rating", models.SmallIntegerField(null=True)),
                        ("rating_remark", models.TextField(null=True)),
                        ("source_type", models.CharField(max_length=32, null=True)),
                        ("delivered_as", models.CharField(max_length=32, null=True)),
                        ("author_type", models.CharField(max_length=16, null=True)),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("statistics", models.JSONField(default=dict)),
                        (
                            "contact_external_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        (
                            "unknown_contacts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), null=True, size=None
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
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                condition=models.Q(("unknown_contacts__isnull", False)),
                                fields=["unknown_contacts"],
                                name="conversation_awaiting_contact",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="conversation_identity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Company",
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
                        ("external_id", models.TextField()),
                        ("remote_updated_at", models.DateTimeField(null=True)),
                        ("observed_at", models.DateTimeField()),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("content_hash", models.BinaryField(null=True)),
                        ("fingerprint", models.BinaryField(null=True)),
                        ("field_versions", models.JSONField(null=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(null=True)),
                        ("deleted_reason", models.CharField(max_length=16, null=True)),
                        ("company_key", models.TextField(null=True)),
                        ("name", models.TextField(null=True)),
                        ("plan", models.TextField(null=True)),
                        ("size", models.BigIntegerField(null=True)),
                        ("industry", models.TextField(null=True)),
                        ("website", models.TextField(null=True)),
                        (
                            "monthly_spend",
                            models.DecimalField(decimal_places=2, max_digits=14, null=True),
                        ),
                        ("remote_created_at", models.DateTimeField(null=True)),
                        ("last_request_at", models.DateTimeField(null=True)),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("metadata", models.JSONField(default=dict)),
                        ("traits", models.JSONField(db_default={}, default=dict)),
                        ("trait_times", models.JSONField(db_default={}, default=dict)),
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
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["org", "name", "id"], name="company_by_name"),
                            models.Index(
                                condition=models.Q(("company_key__isnull", False)),
                                fields=["org", "company_key"],
                                name="company_by_key",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="company_identity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SourceSegment",
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
                        ("external_id", models.TextField()),
                        ("name", models.TextField()),
                        ("size", models.IntegerField(null=True)),
                        ("is_listed", models.BooleanField(db_default=True, default=True)),
                        ("read_at", models.DateTimeField()),
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
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="source_segment_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SourceSegmentMember",
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
                            "segment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.sourcesegment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "segment"), name="source_segment_member_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TimelineEvent",
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
                        ("source", models.CharField(max_length=32)),
                        ("name", models.TextField()),
                        ("occurred_at", models.DateTimeField()),
                        (
                            "received_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("properties", models.JSONField(default=dict)),
                        ("context", models.JSONField(default=dict)),
                        ("dedupe_key", models.TextField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["customer", "-occurred_at", "-id"],
                                name="timeline_newest_first",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "dedupe_key"), name="event_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tombstone",
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
                        ("at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=16)),
                        ("merged_into_external_id", models.TextField(null=True)),
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
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("merged_into_external_id__isnull", False)),
                                fields=["org", "source", "merged_into_external_id"],
                                name="tombstone_of_survivor",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "kind", "external_id"), name="tombstone_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DirtyCompany",
                    fields=[
                        (
                            "company",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="store.company",
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
                            models.Index(fields=["org", "company"], name="dirty_companies")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConversationActivity",
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
                        ("at", models.DateTimeField()),
                        (
                            "conversation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.conversation",
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "kind", "at"), name="activity_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DirtyCustomer",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="store.customer",
                            ),
                        ),
                        (
                            "marked_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
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
                            models.Index(fields=["org", "marked_at"], name="dirty_oldest_first")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CompanyMember",
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
                            "company",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
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
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.customer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "company"), name="company_member_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participant",
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
                            "conversation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.conversation",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conversation", "customer"), name="participant_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
