"""Every address the product answers."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pulsescore.api.urls")),
    path("", include("pulsescore.web.urls")),
]

handler400 = "pulsescore.web.shell.errors.bad_request"
handler403 = "pulsescore.web.shell.errors.forbidden"
handler404 = "pulsescore.web.shell.errors.not_found"
handler500 = "pulsescore.web.shell.errors.failed"
