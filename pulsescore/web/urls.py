"""Every page and the view that answers it."""

from django.urls import path
from django.views.generic import RedirectView

from pulsescore.web.accounts import entering, invitations, organizations, passwords
from pulsescore.web.companies import views as companies
from pulsescore.web.customers import one as customer
from pulsescore.web.customers import views as customers
from pulsescore.web.dashboard import views as dashboard
from pulsescore.web.integrations import connecting, oauth
from pulsescore.web.integrations import views as integrations
from pulsescore.web.scoring import views as scoring
from pulsescore.web.settings import api_keys, organization, profile, team
from pulsescore.web.shell import banner
from pulsescore.web.shell import views as shell

accounts_pages = [
    path("signup", entering.sign_up, name="sign_up"),
    path("login", entering.log_in, name="log_in"),
    path("logout", entering.log_out, name="log_out"),
    path("password-reset", passwords.request_reset, name="password_forgotten"),
    path("password-reset/<str:uid>/<str:token>", passwords.choose_password, name="password_new"),
    path("invitations/<str:token>", invitations.accept, name="invitation"),
    path("organizations", organizations.list_own, name="organization_list"),
    path("organizations/new", organizations.create, name="organization_new"),
    path("organizations/switch", organizations.switch, name="organization_switch"),
]

settings_pages = [
    path("settings", RedirectView.as_view(pattern_name="settings_integrations"), name="settings"),
    path("settings/profile", profile.profile, name="profile"),
    path("settings/profile/password", profile.password, name="profile_password"),
    path("settings/organization", organization.organization, name="organization"),
    path("settings/api-keys", api_keys.api_keys, name="api_keys"),
    path("settings/api-keys/<int:key_id>/revoke", api_keys.revoke, name="api_key_revoke"),
    path("settings/team", team.team, name="team"),
    path("settings/team/invite", team.invite, name="team_invite"),
    path("settings/team/<int:membership_id>/role", team.change_role, name="team_role"),
    path("settings/team/<int:membership_id>/remove", team.remove, name="team_remove"),
    path("settings/team/invitations/<int:invitation_id>/revoke", team.revoke, name="team_revoke"),
]

INTERCOM = "settings/integrations/intercom"

integration_pages = [
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

customer_pages = [
    path("customers", customers.customers, name="customers"),
    path("customers/<int:customer_id>", customer.customer, name="customer"),
    path(
        "customers/<int:customer_id>/recalculate",
        customers.recalculate,
        name="customer_recalculate",
    ),
    path("customers/<int:customer_id>/notes", customer.add_note, name="customer_note"),
    path(
        "customers/<int:customer_id>/notes/<int:note_id>/delete",
        customer.delete_note,
        name="customer_note_delete",
    ),
    path("companies", companies.companies, name="companies"),
    path("companies/<int:company_id>", companies.company, name="company"),
]

scoring_pages = [
    path("settings/scoring", scoring.scoring, name="settings_scoring"),
    path("settings/scoring/preview", scoring.preview, name="scoring_preview"),
    path("settings/scoring/rescoring", scoring.rescoring, name="scoring_rescoring"),
]

shell_pages = [
    path("banner", banner.banner, name="banner"),
    path("banner/<int:run_id>/dismiss", banner.dismiss, name="banner_dismiss"),
    path("help", shell.help_page, name="help"),
    path("status", shell.status, name="status"),
    path("_style", shell.style, name="style"),
]

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    *accounts_pages,
    *customer_pages,
    *integration_pages,
    *scoring_pages,
    *settings_pages,
    *shell_pages,
]
