"""The question that open pages ask."""

from django.urls import path

from pulsescore.web.live import views as live

urlpatterns = [path("live", live.live, name="live")]
