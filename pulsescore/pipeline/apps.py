"""Django application of the pipeline stage."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """Registers the pipeline stage."""

    name = "pulsescore.pipeline"
    label = "pipeline"
    default_auto_field = "django.db.models.BigAutoField"
