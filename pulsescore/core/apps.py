"""Django application of the core stage."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Shared technical parts; has no tables of its own."""

    name = "pulsescore.core"
    label = "core"
