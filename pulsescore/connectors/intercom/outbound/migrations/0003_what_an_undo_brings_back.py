"""What an undo brings back travels with the row of the outbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intercom_outbound", "0002_troubles_and_confirmations"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundtask",
            name="archives",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="outboundtask",
            name="values",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
