"""Outcomes and backtests, under Settings → Scoring."""

from django.urls import path

from pulsescore.web.backtest import files, outcomes, views

urlpatterns = [
    path("settings/scoring/backtest", views.backtest, name="backtest"),
    path("settings/scoring/backtest/<int:backtest_id>", views.backtest, name="backtest_one"),
    path("settings/scoring/outcomes", outcomes.outcomes, name="outcomes"),
    path("settings/scoring/outcomes/attribute", outcomes.attribute, name="outcome_attribute"),
    path(
        "settings/scoring/outcomes/<int:outcome_id>/remove", outcomes.remove, name="outcome_remove"
    ),
    path("settings/scoring/outcomes/files", files.upload, name="outcome_upload"),
    path("settings/scoring/outcomes/files/<int:upload_id>", files.columns, name="outcome_file"),
    path(
        "settings/scoring/outcomes/files/<int:upload_id>/refused.csv",
        files.refused,
        name="outcome_refused",
    ),
]
