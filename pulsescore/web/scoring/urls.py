"""How scores come about: the configuration and its preview."""

from django.urls import path

from pulsescore.web.scoring import views as scoring

urlpatterns = [
    path("settings/scoring", scoring.scoring, name="settings_scoring"),
    path("settings/scoring/preview", scoring.preview, name="scoring_preview"),
    path("settings/scoring/rescoring", scoring.rescoring, name="scoring_rescoring"),
]
