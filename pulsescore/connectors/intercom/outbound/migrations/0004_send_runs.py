"""Runs of sending that people ask for; marks, outbox and write log say which asked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("intercom", "0009_fetches"),
        ("intercom_outbound", "0003_what_an_undo_brings_back"),
        ("store", "0007_leads_of_the_messenger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="companymark",
            name="is_automatic",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="outboundmark",
            name="is_automatic",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="outboundtask",
            name="is_automatic",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name="SendRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.AddField(
            model_name="companymark",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="intercom_outbound.sendrun",
            ),
        ),
        migrations.AddField(
            model_name="outboundmark",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="intercom_outbound.sendrun",
            ),
        ),
        migrations.AddField(
            model_name="outboundtask",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="intercom_outbound.sendrun",
            ),
        ),
        migrations.AddField(
            model_name="writerecord",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="intercom_outbound.sendrun",
            ),
        ),
        migrations.AddIndex(
            model_name="companymark",
            index=models.Index(
                condition=models.Q(("run__isnull", False)),
                fields=["run"],
                name="company_marks_of_run",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundmark",
            index=models.Index(
                condition=models.Q(("run__isnull", False)), fields=["run"], name="marks_of_run"
            ),
        ),
        migrations.AddIndex(
            model_name="outboundtask",
            index=models.Index(
                condition=models.Q(("run__isnull", False)),
                fields=["run", "state"],
                name="tasks_of_run",
            ),
        ),
        migrations.AddIndex(
            model_name="writerecord",
            index=models.Index(
                condition=models.Q(("run__isnull", False)),
                fields=["run", "-at", "-id"],
                name="writes_of_run",
            ),
        ),
        migrations.AddIndex(
            model_name="sendrun",
            index=models.Index(fields=["connection", "-id"], name="send_runs_newest_first"),
        ),
        migrations.AddIndex(
            model_name="sendrun",
            index=models.Index(fields=["org", "-id"], name="send_runs_of_org"),
        ),
        migrations.AddIndex(
            model_name="sendrun",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "looking", "sending", "held"])),
                fields=["connection", "id"],
                name="send_runs_open",
            ),
        ),
    ]
