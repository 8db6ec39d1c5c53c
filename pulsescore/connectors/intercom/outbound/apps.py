"""Django application of what is sent to Intercom."""

from django.apps import AppConfig


class OutboundConfig(AppConfig):
    """Registers settings, outbox and write log of two-way connections."""

    name = "pulsescore.connectors.intercom.outbound"
    label = "intercom_outbound"
    default_auto_field = "django.db.models.BigAutoField"
