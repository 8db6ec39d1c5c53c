"""Leads are found by the id that Intercom's Messenger gave the visitor."""

import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("store", "0006_our_own_attributes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("org"),
                django.db.models.fields.json.KeyTextTransform("intercom/external_id", "attributes"),
                condition=models.Q(("contact_role", "lead")),
                name="customer_by_lead_id",
            ),
        ),
    ]
