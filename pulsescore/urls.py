"""Every address the product answers."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    # Apps registered at Intercom with the API's prefix come back there.
    path(
        "api/v1/integrations/intercom/callback",
        RedirectView.as_view(pattern_name="oauth_callback", query_string=True),
    ),
    path("", include("pulsescore.api.urls")),
    path("", include("pulsescore.web.urls")),
]

handler400 = "pulsescore.web.shell.errors.bad_request"
handler403 = "pulsescore.web.shell.errors.forbidden"
handler404 = "pulsescore.web.shell.errors.not_found"
handler500 = "pulsescore.web.shell.errors.failed"
