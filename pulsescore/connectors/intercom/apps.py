"""Django application of the Intercom connector."""

from django.apps import AppConfig


class IntercomConfig(AppConfig):
    """Registers the Intercom connector."""

    name = "pulsescore.connectors.intercom"
    label = "intercom"
    default_auto_field = "django.db.models.BigAutoField"
