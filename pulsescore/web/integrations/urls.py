"""The integrations, and Intercom's own pages."""

from django.urls import path

from pulsescore.web.integrations import (
    connecting,
    deliveries,
    dry_runs,
    log,
    losses,
    mapping,
    oauth,
    permissions,
    runs,
    sending,
    sending_acts,
    sends,
    webhooks,
)
from pulsescore.web.integrations import views as integrations

INTERCOM = "settings/integrations/intercom"
ONE = f"{INTERCOM}/<int:connection_id>"
DELIVERY = f"{ONE}/deliveries/<int:delivery_id>"

urlpatterns = [
    path("settings/integrations", integrations.tiles, name="settings_integrations"),
    path(f"{INTERCOM}/connect", connecting.connect, name="intercom_connect"),
    path(ONE, integrations.overview, name="intercom"),
    path(f"{ONE}/badge", integrations.badge, name="intercom_badge"),
    path(f"{ONE}/update", integrations.update, name="intercom_update"),
    path(f"{ONE}/sync", integrations.sync, name="intercom_sync"),
    path(f"{ONE}/disconnect", integrations.disconnect, name="intercom_disconnect"),
    path(f"{ONE}/losses", losses.losses, name="intercom_losses"),
    path(f"{ONE}/runs", runs.runs, name="intercom_runs"),
    path(f"{ONE}/runs/<int:run_id>", runs.run_page, name="intercom_run"),
    path(f"{ONE}/skipped", runs.skipped, name="intercom_skipped"),
    path(f"{ONE}/skipped.csv", runs.skipped_csv, name="intercom_skipped_csv"),
    path(f"{ONE}/webhooks", webhooks.webhooks, name="intercom_webhooks"),
    path(f"{ONE}/webhooks/secret", webhooks.set_secret, name="intercom_secret"),
    path(f"{ONE}/webhooks/test", webhooks.test, name="intercom_test"),
    path(f"{ONE}/deliveries", deliveries.deliveries, name="intercom_deliveries"),
    path(f"{ONE}/deliveries/replay", deliveries.replay, name="intercom_replay"),
    path(DELIVERY, deliveries.delivery, name="intercom_delivery"),
    path(f"{DELIVERY}/body", deliveries.body, name="intercom_delivery_body"),
    path(f"{DELIVERY}/replay", deliveries.replay_one, name="intercom_delivery_replay"),
    path(f"{ONE}/permissions", permissions.permissions, name="intercom_permissions"),
    path(f"{ONE}/permissions/check", permissions.check, name="intercom_permissions_check"),
    path(f"{ONE}/mapping", mapping.mapping, name="intercom_mapping"),
    path(f"{ONE}/mapping/save", mapping.save, name="intercom_mapping_save"),
    path(f"{ONE}/mapping/refresh", mapping.refresh, name="intercom_attributes_refresh"),
    path(f"{ONE}/mapping/missing", mapping.missing, name="intercom_missing"),
    path(f"{ONE}/sending", sending.sending, name="intercom_sending"),
    path(f"{ONE}/sending/save", sending_acts.save, name="intercom_sending_save"),
    path(f"{ONE}/sending/dry-run", dry_runs.dry_run, name="intercom_dry_run"),
    path(f"{ONE}/sending/dry-run/make", dry_runs.make, name="intercom_dry_run_make"),
    path(f"{ONE}/sending/dry-run.csv", dry_runs.as_csv, name="intercom_dry_run_csv"),
    path(f"{ONE}/sending/send", sending_acts.send, name="intercom_send"),
    path(f"{ONE}/sending/runs", sends.sends, name="intercom_sends"),
    path(f"{ONE}/sending/runs/<int:run_id>", sends.send_page, name="intercom_send_run"),
    path(f"{ONE}/sending/runs/<int:run_id>/stop", sends.stop, name="intercom_send_stop"),
    path(f"{ONE}/sending/stop", sending_acts.stop, name="intercom_sending_stop"),
    path(f"{ONE}/sending/resume", sending_acts.resume, name="intercom_sending_resume"),
    path(f"{ONE}/sending/confirm", sending_acts.confirm, name="intercom_sending_confirm"),
    path(f"{ONE}/sending/discard", sending_acts.discard, name="intercom_sending_discard"),
    path(f"{ONE}/sending/writes", sending.writes, name="intercom_writes"),
    path(f"{ONE}/sending/writes/<int:write_id>/undo", sending_acts.undo, name="intercom_undo"),
    path(f"{ONE}/sending/refused", sending.refused, name="intercom_refused"),
    path(f"{ONE}/log", log.log, name="intercom_log"),
    path(f"{ONE}/log.csv", log.log_csv, name="intercom_log_csv"),
    path("integrations/intercom/connect", oauth.start, name="oauth_start"),
    path("integrations/intercom/callback", oauth.callback, name="oauth_callback"),
]
