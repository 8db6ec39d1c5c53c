"""By what a record is recognised that tells what is stored already."""

from django.db import migrations, models

_MODELS = ("customer", "company", "conversation")


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_more_keys_by_locks"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=name, name="fingerprint", field=models.BinaryField(null=True)
            )
            for name in _MODELS
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE store_{name} ALTER COLUMN fingerprint SET STATISTICS 0",
                migrations.RunSQL.noop,
            )
            for name in _MODELS
        ),
    ]
