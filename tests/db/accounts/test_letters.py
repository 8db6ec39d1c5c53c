"""E-mails as a mail server receives them: both forms, right links, harmless names."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from pulsescore.accounts import actions, posting
from pulsescore.accounts.models import PendingLetter, Role, User
from tests.db.people import NOW, PASSWORD, People

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(minutes=1)
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


class Refusing(Mailbox):
    """Knows nobody."""

    async def handle_RCPT(self, *_told: object) -> str:
        return "550 no such mailbox"


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
def port(settings: object) -> int:
    """Where mail goes; nothing listens there yet."""
    found = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found  # type: ignore[attr-defined]
    settings.PUBLIC_URL = "https://pulse.example.com"  # type: ignore[attr-defined]
    return found


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    with serving(port) as handler:
        yield handler


@contextmanager
def serving(port: int, handler: Mailbox | None = None) -> Iterator[Mailbox]:
    """A mail server that is up within the block."""
    handler = handler or Mailbox()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield handler
    finally:
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
    assert not mailbox.letters
    posting.send_due(now=lambda: NOW)
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


def test_a_letter_waits_for_a_server_that_is_down_and_arrives_once(
    people: People, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    actions.invite(people.acting(people.alice), email="erin@example.com", role=Role.ADMIN, now=NOW)
    waiting = PendingLetter.objects.get()
    assert not posting.is_due(now=NOW)

    with serving(port) as mailbox:
        assert posting.send_due(now=lambda: SOON) == 1
        assert posting.send_due(now=lambda: SOON + posting.LEASE) == 0

    ((recipients, letter),) = mailbox.letters
    assert recipients == ["erin@example.com"]
    (link,) = set(re.findall(r"https://\S+", parts(letter)[0]))
    assert not PendingLetter.objects.exists()
    for secret in (link.rpartition("/")[2], "erin@example.com"):
        assert secret.encode() not in bytes(waiting.sealed)
        assert secret not in "".join(capfd.readouterr())


def test_a_server_that_is_down_undoes_nothing(people: People, port: int) -> None:
    del port
    changed = actions.change_password(
        people.bob, current=PASSWORD, password="quite another one", now=NOW
    )

    assert changed.check_password("quite another one")


def test_a_letter_goes_with_its_change_and_after_a_crash_when_its_lease_ends(
    people: People, mailbox: Mailbox
) -> None:
    mailbox.letters.clear()
    with transaction.atomic():
        actions.request_new_address(people.bob, email="robert@example.com", now=NOW)
        waiting = PendingLetter.objects.get()
        transaction.set_rollback(True)
    assert not PendingLetter.objects.exists()

    waiting.save(force_insert=True)
    assert posting.send_due(now=lambda: NOW) == 0
    assert posting.send_due(now=lambda: NOW + posting.LEASE) == 1
    assert [recipients for recipients, _ in mailbox.letters] == [["robert@example.com"]]


def test_a_repeated_letter_keeps_its_message_id(people: People, mailbox: Mailbox) -> None:
    mailbox.letters.clear()
    with transaction.atomic():
        actions.request_new_address(people.bob, email="robert@example.com", now=NOW)
        waiting = PendingLetter.objects.get()
    waiting.save(force_insert=True)

    posting.send_due(now=lambda: NOW + posting.LEASE)

    first, second = (letter for _, letter in mailbox.letters)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_letter_is_given_up_after_a_day_or_when_it_is_refused(people: People, port: int) -> None:
    actions.request_password_reset(email="bob@example.com", address="192.0.2.1", now=NOW)
    at, tries = NOW, 0
    while PendingLetter.objects.exists():
        at, tries = PendingLetter.objects.get().next_at, tries + 1
        posting.send_due(now=lambda: at)  # noqa: B023 (asked before the next round)
    assert tries == 9
    assert timedelta(hours=20) < at - NOW < timedelta(hours=40)

    with serving(port, Refusing()):
        actions.request_password_reset(email="bob@example.com", address="192.0.2.1", now=at)
        posting.send_due(now=lambda: at)
    assert not PendingLetter.objects.exists()


def test_nobody_is_mailed_about_an_address_without_an_account(people: People, port: int) -> None:
    del people, port
    actions.request_password_reset(email="nobody@example.com", address="192.0.2.1", now=NOW)
    assert not PendingLetter.objects.exists()


def test_a_letter_sealed_with_a_lost_key_is_given_up(people: People, mailbox: Mailbox) -> None:
    mailbox.letters.clear()
    PendingLetter(
        template="accounts/email/notice", sealed=b"?" * 40, created_at=NOW, attempts=1, next_at=NOW
    ).save()
    assert posting.send_due(now=lambda: NOW) == 1
    assert not PendingLetter.objects.exists()
    assert not mailbox.letters
