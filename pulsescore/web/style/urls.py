"""The living style page, in development only."""

from django.urls import path

from pulsescore.web.style.views import style

urlpatterns = [path("_style", style, name="style")]
