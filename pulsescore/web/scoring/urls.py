"""How scores come about: the configuration, its preview and its versions."""

from django.urls import path

from pulsescore.web.scoring import changing, previewing, versions, views

urlpatterns = [
    path("settings/scoring", views.scoring, name="settings_scoring"),
    path("settings/scoring/preview", previewing.preview, name="scoring_preview"),
    path("settings/scoring/changes", changing.changes, name="scoring_changes"),
    path("settings/scoring/changes.csv", changing.changes_file, name="scoring_changes_csv"),
    path("settings/scoring/rescoring", views.rescoring, name="scoring_rescoring"),
    path("settings/scoring/versions", versions.versions, name="scoring_versions"),
    path("settings/scoring/versions/<int:number>", versions.version, name="scoring_version"),
    path(
        "settings/scoring/versions/<int:number>/restore", versions.restore, name="scoring_restore"
    ),
]
