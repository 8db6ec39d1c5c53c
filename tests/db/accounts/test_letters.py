"""E-mails as a mail server receives them: both forms, right links, harmless names."""

import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from aiosmtpd.controller import Controller

from pulsescore.accounts import actions
from pulsescore.accounts.models import Role, User
from tests.db.people import NOW, PASSWORD, People

pytestmark = pytest.mark.django_db(transaction=True)
HOSTILE = '"><script>alert(1)</script> https://evil.example/x'


class Mailbox:
    """A mail server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        content = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[attr-defined]
        assert isinstance(content, EmailMessage)
        self.letters.append((envelope.rcpt_tos, content))  # type: ignore[attr-defined]
        return "250 OK"


class Links(HTMLParser):
    """Every address that a letter leads to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.found |= {value or "" for name, value in attrs if name in {"href", "src"}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailbox(settings: object) -> Iterator[Mailbox]:
    handler, port = Mailbox(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port  # type: ignore[attr-defined]
    settings.PUBLIC_URL = "https://pulse.example.com"  # type: ignore[attr-defined]
    yield handler
    server.stop()


def parts(letter: EmailMessage) -> tuple[str, str]:
    assert letter.get_content_type() == "multipart/alternative"
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return text.get_content(), html.get_content()  # type: ignore[attr-defined]


def links_of(html: str) -> Links:
    links = Links()
    links.feed(html)
    return links


def test_an_invitation_arrives_in_both_forms_with_the_public_address(
    people: People, mailbox: Mailbox
) -> None:
    mailbox.letters.clear()
    actions.invite(people.acting(people.alice), email="erin@example.com", role=Role.ADMIN, now=NOW)

    ((recipients, letter),) = mailbox.letters
    text, html = parts(letter)
    assert recipients == ["erin@example.com"]
    assert letter["Subject"] == "Alice Tester invites you to alice & co on PulseScore"
    assert letter["Auto-Submitted"] == "auto-generated"
    (link,) = set(re.findall(r"https://\S+", text))
    assert link.startswith("https://pulse.example.com/invitations/")
    assert links_of(html).found == {link}
    assert "alice &amp; co" in html


def test_hostile_names_add_no_link_element_header_or_line(people: People, mailbox: Mailbox) -> None:
    User.objects.filter(id=people.alice.pk).update(first_name=HOSTILE[:80])
    actor = people.acting(User.objects.get(id=people.alice.pk))
    actions.update_organization(actor, name=HOSTILE, now=NOW)
    mailbox.letters.clear()

    actions.invite(actor, email="erin@example.com", role=Role.MEMBER, now=NOW)

    ((recipients, letter),) = mailbox.letters
    text, html = parts(letter)
    links = links_of(html)
    assert recipients == ["erin@example.com"]
    assert all(one.startswith("https://pulse.example.com/") for one in links.found)
    assert not links.elements & {"script", "img", "iframe", "form"}
    assert "evil.example" not in text + html
    assert "://evil" not in str(letter["Subject"])


def test_a_reset_and_what_follows_it_are_mailed(people: People, mailbox: Mailbox) -> None:
    mailbox.letters.clear()
    actions.request_password_reset(email="bob@example.com", address="192.0.2.1", now=NOW)
    ((_, letter),) = mailbox.letters
    text, _html = parts(letter)
    found = re.search(r"https://pulse\.example\.com/password-reset/(\S+)/(\S+)", text)
    assert found

    uid, token = found.groups()
    actions.complete_password_reset(uid=uid, token=token, password="quite another one", now=NOW)

    recipients, notice = mailbox.letters[-1]
    assert recipients == ["bob@example.com"]
    assert notice["Subject"] == "Your password was changed"
    assert "https://pulse.example.com/settings/profile" in parts(notice)[0]


def test_a_new_address_is_verified_by_its_own_mailbox(people: People, mailbox: Mailbox) -> None:
    actions.request_new_address(people.bob, email="robert@example.com", now=NOW)
    recipients, letter = mailbox.letters[-1]
    assert recipients == ["robert@example.com"]
    found = re.search(r"/verify-email/(\S+)", parts(letter)[0])
    assert found

    actions.verify_address(key=found.group(1), now=NOW)

    assert mailbox.letters[-1][0] == ["bob@example.com"]


def test_a_server_that_is_down_undoes_nothing(people: People, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]

    changed = actions.change_password(
        people.bob, current=PASSWORD, password="quite another one", now=NOW
    )

    assert changed.check_password("quite another one")
