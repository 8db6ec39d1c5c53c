"""Django application of the accounts stage."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the accounts stage."""

    name = "pulsescore.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
