"""Django application of the web stage."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, their templates, components and static files."""

    name = "pulsescore.web"
    label = "web"

    def ready(self) -> None:
        """Listen to log-ins, once the models are there."""
        from pulsescore.web.accounts.tracking import listen  # noqa: PLC0415

        listen()
