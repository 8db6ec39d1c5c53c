"""Django application of the web stage."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, their templates, components and static files."""

    name = "pulsescore.web"
    label = "web"
