"""Django application of ingested calls."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    """Registers ingested calls."""

    name = "pulsescore.ingest"
    label = "ingest"
    default_auto_field = "django.db.models.BigAutoField"
