"""Neither are members and timeline entries: who writes them holds a lock that erasing takes, too."""

from django.db import migrations

from pulsescore.core.unchecked_keys import drop_key


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0006_search_words_sooner"),
    ]

    operations = [
        drop_key("store_companymember", "customer_id"),
        drop_key("store_timelineevent", "customer_id"),
    ]
