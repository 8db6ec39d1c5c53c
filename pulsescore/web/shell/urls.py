"""The frame of every page: banner, theme, status."""

from django.urls import path

from pulsescore.web.shell import banner, status, theme

urlpatterns = [
    path("banner", banner.banner, name="banner"),
    path("banner/<int:run_id>/dismiss", banner.dismiss, name="banner_dismiss"),
    path("theme", theme.choose, name="theme"),
    path("status", status.status, name="status"),
    path("status.json", status.status, name="status_json"),
]
