"""A fetch reads all of one kind; it waits beside what syncs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("intercom", "0008_mapping_marks"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="syncrun",
            name="one_run_running_one_queued",
        ),
        migrations.AddField(
            model_name="syncrun",
            name="scope",
            field=models.CharField(
                blank=True,
                choices=[("users", "Users"), ("leads", "Leads"), ("companies", "Companies")],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="syncrun",
            name="kind",
            field=models.CharField(
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
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(
                condition=models.Q(("kind", "fetch")),
                fields=["connection", "scope", "-created_at"],
                name="fetches_newest_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="syncrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "running")),
                fields=("connection",),
                name="one_run_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="syncrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "queued")),
                fields=("connection", "scope"),
                name="one_run_queued_of_a_scope",
            ),
        ),
    ]
