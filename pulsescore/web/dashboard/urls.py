"""The first page of the day."""

from django.urls import path

from pulsescore.web.dashboard import views as dashboard

urlpatterns = [path("", dashboard.dashboard, name="dashboard")]
