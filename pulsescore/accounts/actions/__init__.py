"""What changes in accounts: each action is one transaction, the change and its audit row."""

from pulsescore.accounts.actions.addresses import (
    drop_new_address,
    find_address_of_link,
    find_new_address,
    request_new_address,
    send_verification,
    verify_address,
)
from pulsescore.accounts.actions.api_keys import create_api_key, note_use, revoke_api_key
from pulsescore.accounts.actions.invitations import (
    accept_invitation,
    invite,
    new_invitation_link,
    register_invited,
    renew_invitation,
    revoke_invitation,
)
from pulsescore.accounts.actions.members import change_role, remove_member
from pulsescore.accounts.actions.organizations import (
    create_organization,
    rename_organization,
    update_organization,
)
from pulsescore.accounts.actions.people import register, update_profile
from pulsescore.accounts.actions.removal import close_organization, list_unremoved, remove_closed
from pulsescore.accounts.actions.signing_in import (
    change_password,
    check_credentials,
    complete_password_reset,
    confirm_password,
    find_by_reset_link,
    request_password_reset,
)

__all__ = [
    "accept_invitation",
    "change_password",
    "change_role",
    "check_credentials",
    "close_organization",
    "complete_password_reset",
    "confirm_password",
    "create_api_key",
    "create_organization",
    "drop_new_address",
    "find_address_of_link",
    "find_by_reset_link",
    "find_new_address",
    "invite",
    "list_unremoved",
    "new_invitation_link",
    "note_use",
    "register",
    "register_invited",
    "remove_closed",
    "remove_member",
    "rename_organization",
    "renew_invitation",
    "request_new_address",
    "request_password_reset",
    "revoke_api_key",
    "revoke_invitation",
    "send_verification",
    "update_organization",
    "update_profile",
    "verify_address",
]
