"""What Intercom does not permit, who was confirmed, and tags that do not exist yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intercom_outbound", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundsettings",
            name="troubles",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="outboundtask",
            name="is_confirmed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="segmenttag",
            name="tag_id",
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name="withheldvalue",
            name="reason",
            field=models.CharField(
                choices=[
                    ("refused", "Refused by Intercom"),
                    ("undone", "Undone by a member"),
                    ("unfit", "Does not fit the attribute"),
                ],
                max_length=8,
            ),
        ),
    ]
