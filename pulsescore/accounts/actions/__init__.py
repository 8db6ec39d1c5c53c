"""What changes in accounts: each action is one transaction, the change and its audit row."""

from pulsescore.accounts.actions.api_keys import create_api_key, note_use, revoke_api_key
from pulsescore.accounts.actions.invitations import (
    accept_invitation,
    invite,
    register_invited,
    revoke_invitation,
)
from pulsescore.accounts.actions.members import change_role, remove_member
from pulsescore.accounts.actions.organizations import create_organization, rename_organization
from pulsescore.accounts.actions.people import register, update_profile
from pulsescore.accounts.actions.signing_in import (
    change_password,
    check_credentials,
    complete_password_reset,
    find_by_reset_link,
    request_password_reset,
)

__all__ = [
    "accept_invitation",
    "change_password",
    "change_role",
    "check_credentials",
    "complete_password_reset",
    "create_api_key",
    "create_organization",
    "find_by_reset_link",
    "invite",
    "note_use",
    "register",
    "register_invited",
    "remove_member",
    "rename_organization",
    "request_password_reset",
    "revoke_api_key",
    "revoke_invitation",
    "update_profile",
]
