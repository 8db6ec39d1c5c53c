"""Signing up, logging in, passwords, invitations and the choice of an organization."""

from django.urls import path

from pulsescore.web.accounts import (
    addresses,
    entering,
    invitations,
    organizations,
    passwords,
    second_step,
)

urlpatterns = [
    path("signup", entering.sign_up, name="sign_up"),
    path("login", entering.log_in, name="log_in"),
    path("login/second-step", second_step.second_step, name="second_step"),
    path("login/passkey/options", second_step.passkey_options, name="second_step_options"),
    path("login/passkey", second_step.passkey, name="second_step_passkey"),
    path("logout", entering.log_out, name="log_out"),
    path("password-reset", passwords.request_reset, name="password_forgotten"),
    path("password-reset/<str:uid>/<str:token>", passwords.choose_password, name="password_new"),
    path("verify-email/again", addresses.send_again, name="verify_again"),
    path("verify-email/later", addresses.later, name="verify_later"),
    path("verify-email/<str:key>", addresses.verify, name="verify_email"),
    path("invitations/<str:token>", invitations.accept, name="invitation"),
    path("organizations", organizations.list_own, name="organization_list"),
    path("organizations/new", organizations.create, name="organization_new"),
    path("organizations/switch", organizations.switch, name="organization_switch"),
]
