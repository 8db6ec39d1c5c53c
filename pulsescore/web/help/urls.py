"""Addresses of the guide."""

from django.urls import path

from pulsescore.web.help import views

urlpatterns = [
    path("help", views.front, name="help"),
    path("help/<slug:name>", views.page, name="help_page"),
]
