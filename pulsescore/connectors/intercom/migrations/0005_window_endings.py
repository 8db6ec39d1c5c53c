"""Windows of a day too full for one cursor: each reads ids that end in some characters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intercom", "0004_thorough_runs"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncwindow",
            name="endings",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
    ]
