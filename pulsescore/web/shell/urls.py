"""The frame of every page: banner, help, status."""

from django.urls import path

from pulsescore.web.shell import banner, theme
from pulsescore.web.shell import views as shell

urlpatterns = [
    path("banner", banner.banner, name="banner"),
    path("banner/<int:run_id>/dismiss", banner.dismiss, name="banner_dismiss"),
    path("theme", theme.choose, name="theme"),
    path("status", shell.status, name="status"),
]
