"""Marks hang on a connection and on a customer or company, which vouch for the organization."""

from django.db import migrations

from pulsescore.core.unchecked_keys import drop_key


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_tables"),
        ("intercom_outbound", "0001_tables"),
    ]

    operations = [
        drop_key("intercom_outbound_companymark", "org_id"),
        drop_key("intercom_outbound_outboundmark", "org_id"),
    ]
