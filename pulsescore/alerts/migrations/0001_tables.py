"""Tables of an empty database."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from pulsescore.core.create_models import CreateModels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("alerts", "0001_initial"),
        ("alerts", "0002_default_rule"),
        ("alerts", "0003_rules_about_segments"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("accounts", "__first__"),
        ("store", "0001_tables"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="AlertRule",
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
                        ("name", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("level_becomes", "Risk level becomes"),
                                    ("score_below", "Score falls below"),
                                    ("score_drops", "Score drops by"),
                                    ("factor_reaches", "Factor reaches"),
                                    ("enters_segment", "Enters a segment"),
                                    ("leaves_segment", "Leaves a segment"),
                                    ("connection_needs_attention", "Connection needs attention"),
                                ],
                                max_length=32,
                            ),
                        ),
                        ("params", models.JSONField(default=dict)),
                        ("channels", models.JSONField(default=dict)),
                        (
                            "segments",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                db_default=[],
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[("everyone", "Everyone"), ("admins", "Admins and owners")],
                                db_default="everyone",
                                default="everyone",
                                max_length=8,
                            ),
                        ),
                        ("cooldown_hours", models.IntegerField(db_default=24, default=24)),
                        ("enabled", models.BooleanField(db_default=True, default=True)),
                        ("muted_until", models.DateTimeField(null=True)),
                        ("is_default", models.BooleanField(db_default=False, default=False)),
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
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        "indexes": [models.Index(fields=["org", "id"], name="alert_rules_of_org")],
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
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
                        ("connection_id", models.BigIntegerField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("acknowledged", "Acknowledged"),
                                    ("snoozed", "Snoozed"),
                                    ("resolved", "Resolved"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        ("fired_at", models.DateTimeField()),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        ("snoozed_until", models.DateTimeField(null=True)),
                        ("resolved_at", models.DateTimeField(null=True)),
                        ("recovered_at", models.DateTimeField(null=True)),
                        ("reopened", models.IntegerField(db_default=0, default=0)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("told_as", models.CharField(db_default="", default="", max_length=64)),
                        ("facts", models.JSONField(default=dict)),
                        (
                            "acknowledged_by",
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
                            "resolved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "snoozed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="alerts.alertrule",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["org", "-fired_at", "-id"], name="alerts_newest_first"
                            ),
                            models.Index(
                                fields=["org", "state", "-fired_at", "-id"], name="alerts_by_state"
                            ),
                            models.Index(
                                fields=["rule", "-fired_at", "-id"], name="alerts_of_rule"
                            ),
                            models.Index(
                                fields=["customer", "rule", "-fired_at"], name="alerts_of_customer"
                            ),
                            models.Index(fields=["org", "told_as"], name="alerts_told_together"),
                            models.Index(
                                condition=models.Q(("told_at", None)),
                                fields=["org", "rule"],
                                name="alerts_not_told",
                            ),
                            models.Index(
                                condition=models.Q(("state", "snoozed")),
                                fields=["snoozed_until"],
                                name="alerts_snoozed",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("customer__isnull", False), ("recovered_at", None)
                                ),
                                fields=("rule", "customer"),
                                name="one_alert_holds_per_customer",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("connection_id__isnull", False), ("recovered_at", None)
                                ),
                                fields=("rule", "connection_id"),
                                name="one_alert_holds_per_connection",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
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
                        ("title", models.CharField(max_length=200)),
                        ("body", models.TextField(blank=True)),
                        ("link", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                        (
                            "alert",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="alerts.alert",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["org", "user", "-created_at", "-id"], name="notified_newest"
                            ),
                            models.Index(
                                condition=models.Q(("read_at", None)),
                                fields=["org", "user"],
                                name="notified_unread",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotificationPreference",
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
                        ("in_app", models.BooleanField(default=True)),
                        (
                            "email",
                            models.CharField(
                                choices=[
                                    ("each", "Each alert at once"),
                                    ("digest", "One digest a day"),
                                    ("off", "No e-mail"),
                                ],
                                default="each",
                                max_length=8,
                            ),
                        ),
                        ("digest_hour", models.SmallIntegerField(default=8)),
                        ("quiet_from", models.TimeField(null=True)),
                        ("quiet_to", models.TimeField(null=True)),
                        (
                            "muted_rules",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        ("last_digest_at", models.DateTimeField(null=True)),
                        ("next_digest_at", models.DateTimeField(null=True)),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_digest_at__isnull", False)),
                                fields=["next_digest_at"],
                                name="digests_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("org", "user"), name="preferences_once")
                        ],
                    },
                ),
            ],
        ),
    ]
