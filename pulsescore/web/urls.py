"""Every page and the view that answers it."""

from django.urls import path
from django.views.generic import RedirectView

from pulsescore.web.accounts import entering, invitations, organizations, passwords
from pulsescore.web.dashboard import views as dashboard
from pulsescore.web.settings import api_keys, organization, profile, team
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
    path("settings", RedirectView.as_view(pattern_name="team"), name="settings"),
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

shell_pages = [
    path("help", shell.help_page, name="help"),
    path("status", shell.status, name="status"),
    path("_style", shell.style, name="style"),
]

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    *accounts_pages,
    *settings_pages,
    *shell_pages,
]
