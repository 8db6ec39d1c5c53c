"""Letters that the mail server has not taken yet."""

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("template", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("attempts", models.IntegerField()),
                ("next_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["next_at"], name="letters_due")],
            },
        ),
    ]
