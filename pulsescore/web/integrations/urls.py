"""The integrations, and Intercom's own pages."""

from django.urls import path

from pulsescore.web.integrations import connecting, oauth
from pulsescore.web.integrations import views as integrations

INTERCOM = "settings/integrations/intercom"

urlpatterns = [
    path("settings/integrations", integrations.tiles, name="settings_integrations"),
    path(f"{INTERCOM}/connect", connecting.connect, name="intercom_connect"),
    path(f"{INTERCOM}/<int:connection_id>", integrations.overview, name="intercom"),
    path(f"{INTERCOM}/<int:connection_id>/update", integrations.update, name="intercom_update"),
    path(f"{INTERCOM}/<int:connection_id>/sync", integrations.sync, name="intercom_sync"),
    path(
        f"{INTERCOM}/<int:connection_id>/disconnect",
        integrations.disconnect,
        name="intercom_disconnect",
    ),
    path(f"{INTERCOM}/<int:connection_id>/runs", integrations.runs, name="intercom_runs"),
    path(
        f"{INTERCOM}/<int:connection_id>/runs/<int:run_id>",
        integrations.run_page,
        name="intercom_run",
    ),
    path(f"{INTERCOM}/<int:connection_id>/skipped", integrations.skipped, name="intercom_skipped"),
    path(
        f"{INTERCOM}/<int:connection_id>/webhooks", integrations.webhooks, name="intercom_webhooks"
    ),
    path(f"{INTERCOM}/<int:connection_id>/log", integrations.log, name="intercom_log"),
    path("integrations/intercom/connect", oauth.start, name="oauth_start"),
    path("integrations/intercom/callback", oauth.callback, name="oauth_callback"),
]
