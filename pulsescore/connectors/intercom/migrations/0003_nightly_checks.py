"""Runs of kind nightly; how great a loss is believed at once, and who confirmed a greater one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intercom", "0002_permissions_gaps_severity"),
    ]

    operations = [
        migrations.AlterField(
            model_name="syncrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full", "Full import"),
                    ("incremental", "Incremental"),
                    ("nightly", "Nightly check"),
                    ("reconcile", "Reconcile"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="syncrun",
            name="accepts_losses",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="connection",
            name="largest_loss_percent",
            field=models.SmallIntegerField(db_default=20, default=20),
        ),
    ]
