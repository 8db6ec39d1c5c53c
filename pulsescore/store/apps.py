"""Django application of the store stage."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Registers the store stage."""

    name = "pulsescore.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
