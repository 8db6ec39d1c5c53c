"""Tables of an empty database."""

import django.db.models.deletion
import django.db.models.functions.datetime
from pulsescore.core.create_models import CreateModels
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("ingest", "0001_initial")]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("accounts", "__first__"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="ArrivedBatch",
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
                        ("calls", models.BinaryField()),
                        ("size", models.IntegerField()),
                        ("received_at", models.DateTimeField()),
                        ("attempts", models.IntegerField(db_default=0, default=0)),
                        ("next_attempt_at", models.DateTimeField(null=True)),
                        ("error", models.TextField(blank=True, db_default="", default="")),
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
                                condition=models.Q(("next_attempt_at__isnull", False)),
                                fields=["org", "next_attempt_at", "id"],
                                name="arrived_due",
                            ),
                            models.Index(
                                condition=models.Q(("next_attempt_at__isnull", True)),
                                fields=["org", "id"],
                                name="arrived_given_up",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessengerLink",
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
                        ("visitor_id", models.TextField()),
                        ("anonymous_id", models.TextField()),
                        ("told_at", models.DateTimeField()),
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
                        "indexes": [models.Index(fields=["told_at"], name="messenger_link_by_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("org", "visitor_id", "anonymous_id"),
                                name="messenger_link_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeenMessage",
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
                        ("digest", models.BinaryField()),
                        ("seen_at", models.DateTimeField()),
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
                        "indexes": [models.Index(fields=["seen_at"], name="message_by_age")],
                        "constraints": [
                            models.UniqueConstraint(fields=("org", "digest"), name="message_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitorCall",
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
                        ("anonymous_id", models.TextField()),
                        ("call", models.BinaryField()),
                        ("occurred_at", models.DateTimeField()),
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
                            models.Index(fields=["org", "anonymous_id"], name="visitor_of_org"),
                            models.Index(fields=["occurred_at"], name="visitor_by_age"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WriteKey",
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
                        ("name", models.CharField(max_length=80)),
                        ("key", models.CharField(max_length=64, unique=True)),
                        ("forwards_to_messenger", models.BooleanField(default=False)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now()
                            ),
                        ),
                        ("last_used_at", models.DateTimeField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
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
                        "indexes": [
                            models.Index(fields=["org", "created_at"], name="write_key_of_org")
                        ],
                    },
                ),
            ],
        ),
    ]
