"""Django application of the api stage."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the api stage."""

    name = "pulsescore.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
