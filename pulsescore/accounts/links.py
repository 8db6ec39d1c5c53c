"""Pure: the addresses of pages that e-mails lead to."""

from urllib.parse import quote

INVITATION_PATH = "/invitations/{token}"
RESET_PATH = "/password-reset/{uid}/{token}"
VERIFY_PATH = "/verify-email/{key}"
PROFILE_PATH = "/settings/profile"


def invitation_link(public_url: str, token: str) -> str:
    """Where an invited person accepts."""
    return public_url + INVITATION_PATH.format(token=quote(token, safe=""))


def password_reset_link(public_url: str, *, uid: str, token: str) -> str:
    """Where a person who forgot the password enters a new one."""
    return public_url + RESET_PATH.format(uid=quote(uid), token=quote(token))


def verification_link(public_url: str, key: str) -> str:
    """Where a person proves that a mailbox is theirs."""
    return public_url + VERIFY_PATH.format(key=quote(key, safe=":"))
