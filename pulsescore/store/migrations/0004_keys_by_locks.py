"""Participants are not checked row by row: the lock of their source says that both ends exist.

Nor are the companies of members, which go only with their organization. New databases never had
these keys.
"""

from django.db import migrations

from pulsescore.core.unchecked_keys import drop_key


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_keys_to_both"),
    ]

    operations = [
        drop_key("store_companymember", "company_id"),
        drop_key("store_participant", "conversation_id"),
        drop_key("store_participant", "customer_id"),
    ]
