"""Django application of the segments stage."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class SegmentsConfig(AppConfig):
    """Registers the stage, and has every new organization given segments to begin with."""

    name = "pulsescore.segments"
    label = "segments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Accounts know nothing of segments: what follows from founding is told by the signal."""
        # Models may only be imported once all applications are registered.
        from pulsescore.segments.starters import on_founded  # noqa: PLC0415

        post_save.connect(
            on_founded, sender="accounts.Organization", dispatch_uid="segments.starters"
        )
