"""Tables of an empty database."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from pulsescore.core.create_models import CreateModels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("scoring", "0001_initial"),
        ("scoring", "0002_score_revision"),
        ("scoring", "0003_company_scores"),
        ("scoring", "0004_levels_in_order_of_scores"),
        ("scoring", "0005_exceptions_and_overrides"),
        ("scoring", "0006_outcomes_and_backtests"),
        ("scoring", "0007_score_marks"),
        ("scoring", "0008_survey"),
        ("scoring", "0009_marks_for_segments"),
        ("scoring", "0011_parts_of_organizations"),
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
                    name="ScoreOverride",
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
                        ("score", models.SmallIntegerField(null=True)),
                        ("risk_level", models.CharField(max_length=6, null=True)),
                        ("reason", models.TextField(blank=True)),
                        ("set_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(null=True)),
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["org", "customer", "set_at"], name="overrides_of_customers"
                            ),
                            models.Index(fields=["customer"], name="overrides_of_customer"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("score__isnull", True),
                                    ("risk_level__isnull", True),
                                    _connector="OR",
                                ),
                                name="override_of_score_or_level",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("risk_level__isnull", True), ("score__isnull", True)),
                                    ("expires_at__gt", models.F("set_at")),
                                    _connector="OR",
                                ),
                                name="override_expires",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HealthScore",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="store.customer",
                            ),
                        ),
                        ("score", models.SmallIntegerField(null=True)),
                        ("risk_level", models.CharField(max_length=6, null=True)),
                        ("reason", models.CharField(max_length=32, null=True)),
                        (
                            "raws",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), default=list, size=None
                            ),
                        ),
                        (
                            "values",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), default=list, size=None
                            ),
                        ),
                        ("config_version", models.IntegerField()),
                        ("calculated_at", models.DateTimeField()),
                        ("recent_conversations", models.IntegerField(db_default=0, default=0)),
                        ("cap", models.CharField(max_length=16, null=True)),
                        ("computed_score", models.SmallIntegerField(null=True)),
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
                            "override",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scoring.scoreoverride",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("override__isnull", False)),
                                fields=["org", "customer"],
                                name="health_overridden",
                            ),
                            models.Index(
                                fields=["org", "score", "customer"], name="health_by_score"
                            ),
                            models.Index(
                                fields=["org", "risk_level", "score", "customer"],
                                name="health_by_level_and_score",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScorePoint",
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
                        ("score", models.SmallIntegerField(null=True)),
                        ("risk_level", models.CharField(max_length=6, null=True)),
                        (
                            "values",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), default=list, size=None
                            ),
                        ),
                        (
                            "raws",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), default=list, size=None
                            ),
                        ),
                        ("config_version", models.IntegerField()),
                        ("reconstructed", models.BooleanField(default=False)),
                        ("changed", models.BooleanField(default=False)),
                        ("cap", models.CharField(max_length=16, null=True)),
                        ("computed_score", models.SmallIntegerField(null=True)),
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
                        (
                            "override",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scoring.scoreoverride",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["org", "at"], name="score_points_of_org")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "at"), name="score_point_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoreRevision",
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
                        ("revision", models.BigIntegerField(default=0)),
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
                            models.UniqueConstraint(fields=("org",), name="score_revision_of_org")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoreWatch",
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
                        ("watcher", models.CharField(max_length=16)),
                        ("any_change", models.BooleanField(default=False)),
                        ("levels", models.BooleanField(default=False)),
                        ("level_margin", models.FloatField(default=0)),
                        (
                            "edges",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), default=list, size=None
                            ),
                        ),
                        ("factor_edges", models.JSONField(default=dict)),
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
                                fields=("org", "watcher"), name="score_watch_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Survey",
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
                        ("number", models.BigIntegerField(default=1)),
                        ("taken_at", models.DateTimeField()),
                        ("scores_revision", models.BigIntegerField()),
                        ("data_revision", models.BigIntegerField()),
                        ("counts", models.JSONField()),
                        ("causes", models.JSONField()),
                        ("falls", models.JSONField()),
                        ("worst", models.JSONField()),
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
                            models.UniqueConstraint(fields=("org",), name="survey_of_org")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Backtest",
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("running", "Running"),
                                    ("succeeded", "Done"),
                                    ("too_few", "Too few outcomes"),
                                    ("failed", "Failed"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("config_version", models.IntegerField(null=True)),
                        ("requested_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("attempts", models.IntegerField(default=0)),
                        ("outcomes", models.IntegerField(default=0)),
                        ("done", models.IntegerField(default=0)),
                        ("total", models.IntegerField(default=0)),
                        ("problem", models.TextField(blank=True)),
                        ("result", models.JSONField(null=True)),
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
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["org", "-requested_at"], name="backtests_newest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ("queued", "running"))),
                                fields=("org",),
                                name="backtest_one_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CompanyScore",
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
                        ("score", models.SmallIntegerField(null=True)),
                        ("risk_level", models.CharField(max_length=6, null=True)),
                        ("members", models.IntegerField()),
                        ("scored_members", models.IntegerField()),
                        ("calculated_at", models.DateTimeField()),
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
                            "worst_customer",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="store.customer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["org", "score", "company"], name="company_by_score"
                            ),
                            models.Index(
                                condition=models.Q(("worst_customer__isnull", False)),
                                fields=["worst_customer"],
                                name="company_of_worst_member",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConfigVersion",
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
                        ("version", models.IntegerField()),
                        ("weights", models.JSONField()),
                        ("halves", models.JSONField()),
                        ("thresholds", models.JSONField()),
                        ("exceptions", models.JSONField(db_default={}, default=dict)),
                        ("comment", models.TextField(blank=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
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
                                fields=("org", "version"), name="config_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayTotal",
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
                        ("on", models.DateField()),
                        ("green", models.IntegerField()),
                        ("yellow", models.IntegerField()),
                        ("red", models.IntegerField()),
                        ("score_sum", models.BigIntegerField()),
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
                            models.UniqueConstraint(fields=("org", "on"), name="day_total_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeAttribute",
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
                        ("field", models.TextField()),
                        ("found", models.IntegerField(default=0)),
                        ("unreadable", models.IntegerField(default=0)),
                        ("read_at", models.DateTimeField(null=True)),
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
                            models.UniqueConstraint(fields=("org",), name="outcome_attribute_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeRecord",
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
                        ("left_on", models.DateField()),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("attribute", "Attribute"),
                                    ("csv", "CSV"),
                                    ("api", "API"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "company",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="store.company",
                            ),
                        ),
                        (
                            "customer",
                            models.OneToOneField(
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
                        "indexes": [
                            models.Index(
                                fields=["org", "-left_on", "-id"], name="outcomes_newest_first"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("company__isnull", True), ("customer__isnull", False)
                                    ),
                                    models.Q(
                                        ("company__isnull", False), ("customer__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="outcome_of_one_thing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeUpload",
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
                        ("filename", models.TextField()),
                        ("content", models.TextField()),
                        ("uploaded_at", models.DateTimeField()),
                        ("imported_at", models.DateTimeField(null=True)),
                        ("added", models.IntegerField(default=0)),
                        ("changed", models.IntegerField(default=0)),
                        ("unchanged", models.IntegerField(default=0)),
                        ("refused", models.JSONField(default=list)),
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
                            "uploaded_by",
                            models.ForeignKey(
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
                                fields=["org", "-uploaded_at"], name="outcome_uploads_newest"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RescoreRun",
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
                        ("reason", models.CharField(max_length=16)),
                        ("config_version", models.IntegerField()),
                        ("done", models.IntegerField(default=0)),
                        ("total", models.IntegerField(default=0)),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
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
                            models.Index(fields=["org", "-started_at"], name="rescore_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoredCompany",
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
                            models.Index(fields=["org", "company"], name="scored_companies")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoredCustomer",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                db_constraint=False,
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
                            models.Index(fields=["org", "marked_at"], name="scored_oldest_first")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScoreMark",
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
                        ("score", models.SmallIntegerField(null=True)),
                        ("risk_level", models.CharField(max_length=6, null=True)),
                        (
                            "raws",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), default=list, size=None
                            ),
                        ),
                        ("marked_at", models.DateTimeField()),
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
                            models.Index(fields=["org", "marked_at"], name="score_mark_oldest")
                        ],
                    },
                ),
            ],
        ),
    ]
