"""Django application of the delivery stage."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Registers the delivery stage."""

    name = "pulsescore.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
