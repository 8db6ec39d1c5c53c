"""Django application of the scoring stage."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Registers the scoring stage."""

    name = "pulsescore.scoring"
    label = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
