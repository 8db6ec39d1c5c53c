"""The first steps."""

from django.urls import path

from pulsescore.web.onboarding import views as onboarding

urlpatterns = [
    path("welcome", onboarding.welcome, name="welcome"),
    path("welcome/list", onboarding.first_things, name="welcome_list"),
    path("welcome/dismiss", onboarding.dismiss, name="welcome_dismiss"),
]
