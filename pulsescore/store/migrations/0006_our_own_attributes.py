"""Our own attributes beside what a source tells, and the names by which ingested calls know people."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("store", "0005_source_segments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("key", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.AddField(
            model_name="company",
            name="trait_times",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="company",
            name="traits",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="trait_times",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="traits",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("company_key__isnull", False)),
                fields=["org", "company_key"],
                name="company_by_key",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("external_user_id__isnull", False)),
                fields=["org", "external_user_id"],
                name="customer_by_user_id",
            ),
        ),
        migrations.AddField(
            model_name="identity",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.customer"
            ),
        ),
        migrations.AddField(
            model_name="identity",
            name="org",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="identity",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="store.source",
            ),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.UniqueConstraint(
                fields=("source", "kind", "key"), name="identity_once"
            ),
        ),
    ]
