"""Tables of an empty database."""

from pulsescore.core.create_models import CreateModels
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("api", "0001_initial")]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="IdempotentAnswer",
                    fields=[
                        (
                            "key_hash",
                            models.CharField(max_length=64, primary_key=True, serialize=False),
                        ),
                        ("request_hash", models.CharField(max_length=64)),
                        ("status", models.SmallIntegerField(null=True)),
                        ("sealed_body", models.BinaryField(null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["created_at"], name="answers_oldest_first")
                        ],
                    },
                )
            ],
        ),
    ]
