"""Django application of the alerts stage."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class AlertsConfig(AppConfig):
    """Registers the alerts stage, and has every new organization given its first rule."""

    name = "pulsescore.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Accounts know nothing of alerts: what follows from founding is told by the signal."""
        # Models may only be imported once all applications are registered.
        from pulsescore.alerts.defaults import on_founded  # noqa: PLC0415

        post_save.connect(
            on_founded, sender="accounts.Organization", dispatch_uid="alerts.default_rule"
        )
