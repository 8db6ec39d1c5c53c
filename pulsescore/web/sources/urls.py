"""Where websites and programs are given their write keys."""

from django.urls import path

from pulsescore.web.sources import views

urlpatterns = [
    path("settings/sources", views.sources, name="sources"),
    path("settings/sources/retry", views.retry, name="sources_retry"),
    path("settings/sources/<int:key_id>", views.source, name="source"),
    path("settings/sources/<int:key_id>/revoke", views.revoke, name="source_revoke"),
]
