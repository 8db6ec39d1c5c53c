"""The settings of people, teams and organizations."""

from django.urls import path
from django.views.generic import RedirectView

from pulsescore.web.settings import api_keys, organization, profile, team

urlpatterns = [
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
