"""Django application of the web stage."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the web stage."""

    name = "pulsescore.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
