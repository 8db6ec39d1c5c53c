"""The settings of people, teams and organizations."""

from django.urls import path
from django.views.generic import RedirectView

from pulsescore.web.settings import (
    api_keys,
    audit_log,
    mails,
    organization,
    profile,
    second_factors,
    security,
    team,
)

urlpatterns = [
    path("settings", RedirectView.as_view(pattern_name="settings_integrations"), name="settings"),
    path("settings/profile", profile.profile, name="profile"),
    path("settings/profile/address", profile.new_address, name="profile_address"),
    path("settings/profile/address/keep", profile.keep_address, name="profile_address_keep"),
    path("settings/security", security.security, name="security"),
    path("settings/security/password", security.password, name="profile_password"),
    path("settings/security/sessions/end", security.end_others, name="sessions_end"),
    path(
        "settings/security/sessions/<int:session_id>/end", security.end_session, name="session_end"
    ),
    path("settings/security/app", second_factors.add_app, name="app_add"),
    path("settings/security/app/remove", second_factors.remove_app, name="app_remove"),
    path("settings/security/codes", second_factors.codes, name="recovery_codes"),
    path("settings/security/codes/renew", second_factors.renew_codes, name="recovery_renew"),
    path("settings/security/passkeys", second_factors.add_passkey, name="passkey_add"),
    path(
        "settings/security/passkeys/options",
        second_factors.passkey_options,
        name="passkey_options",
    ),
    path(
        "settings/security/passkeys/<int:passkey_id>/remove",
        second_factors.remove_passkey,
        name="passkey_remove",
    ),
    path("settings/organization", organization.organization, name="organization"),
    path("settings/organization/delete", organization.delete, name="organization_delete"),
    path("settings/audit-log", audit_log.audit_log, name="audit_log"),
    path("settings/audit-log.csv", audit_log.download, name="audit_log_csv"),
    path("settings/api-keys", api_keys.api_keys, name="api_keys"),
    path("settings/api-keys/<int:key_id>/revoke", api_keys.revoke, name="api_key_revoke"),
    path("settings/team", team.team, name="team"),
    path("settings/team/invite", team.invite, name="team_invite"),
    path("settings/team/<int:membership_id>/role", team.change_role, name="team_role"),
    path("settings/team/<int:membership_id>/remove", team.remove, name="team_remove"),
    path("settings/team/invitations/<int:invitation_id>/revoke", team.revoke, name="team_revoke"),
    path(
        "settings/team/invitations/<int:invitation_id>/again", team.invite_again, name="team_again"
    ),
    path("settings/team/invitations/<int:invitation_id>/link", team.link, name="team_link"),
    path("_mails", mails.overview, name="mails"),
    path("_mails/<str:name>/<str:form>", mails.one, name="mail"),
]
