"""Where e-mail goes."""

import pytest

from pulsescore.core.mail_url import mail_settings


def test_without_a_setting_mail_goes_to_the_console() -> None:
    assert mail_settings("")["EMAIL_BACKEND"].endswith("console.EmailBackend")


def test_a_directory_receives_a_file_per_message() -> None:
    found = mail_settings("file:///var/mail%20out")
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == "/var/mail out"


@pytest.mark.parametrize(
    ("url", "port", "upgrades", "encrypted"),
    [
        ("smtp://mail.test", 25, False, False),
        ("smtp+starttls://mail.test", 587, True, False),
        ("smtps://mail.test", 465, False, True),
        ("smtp+starttls://mail.test:2525", 2525, True, False),
    ],
)
def test_each_scheme_has_its_port_and_encryption(
    url: str, port: int, upgrades: bool, encrypted: bool
) -> None:
    found = mail_settings(url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (
        port,
        upgrades,
        encrypted,
    )


def test_user_and_password_may_hold_any_character() -> None:
    found = mail_settings("smtps://ada%40example.com:p%2Fss@mail.test")
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ada@example.com", "p/ss")


@pytest.mark.parametrize("url", ["http://mail.test", "smtp://", "mail.test"])
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="PULSESCORE_SMTP_URL"):
        mail_settings(url)
