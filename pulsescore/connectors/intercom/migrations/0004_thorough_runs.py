"""An index of the runs that read everything: for the banner, and for losses not believed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intercom", "0003_nightly_checks"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(
                fields=["org", "-created_at"],
                name="thorough_runs_newest_first",
                condition=models.Q(kind__in=["full", "reconcile"]),
            ),
        ),
    ]
