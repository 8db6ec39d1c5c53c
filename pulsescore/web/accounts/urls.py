"""Signing up, logging in, passwords, invitations and the choice of an organization."""

from django.urls import path

from pulsescore.web.accounts import entering, invitations, organizations, passwords

urlpatterns = [
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
