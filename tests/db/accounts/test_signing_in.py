"""Proving who one is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail

from pulsescore.accounts import actions, posting, throttle
from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.models import User
from pulsescore.core.errors import Invalid
from tests.db.people import NOW, PASSWORD, People

Commit = Callable[..., object]


@pytest.fixture
def throttled() -> Iterator[None]:
    """Limits are off in tests; here they count."""
    before = settings.CONFIG
    settings.CONFIG = replace(before, api_rate=600)
    yield
    settings.CONFIG = before


def log_in(password: str, *, email: str = "alice@example.com", address: str = "10.0.0.1") -> User:
    return actions.check_credentials(email=email, password=password, address=address, now=NOW)


def test_address_and_password_prove_a_person(people: People) -> None:
    assert log_in(PASSWORD, email=" ALICE@example.com") == people.alice


@pytest.mark.parametrize("password", ["", "wrong", "x" * 5000, "\x00", "\ud800"])
def test_a_wrong_password_is_refused(people: People, password: str) -> None:
    with pytest.raises(Unauthenticated):
        log_in(password)


@pytest.mark.parametrize("email", ["nobody@example.com", "", "a\x00b", "\ud800"])
def test_an_unknown_address_is_refused_in_the_same_words(people: People, email: str) -> None:
    with pytest.raises(Unauthenticated) as wrong:
        log_in("wrong")
    with pytest.raises(Unauthenticated) as unknown:
        log_in(PASSWORD, email=email)
    assert str(wrong.value) == str(unknown.value)


def test_an_inactive_person_is_refused(people: People) -> None:
    people.alice.is_active = False
    people.alice.save()
    with pytest.raises(Unauthenticated):
        log_in(PASSWORD)


@pytest.mark.usefixtures("throttled")
def test_ten_failures_close_an_account_for_a_while(people: People) -> None:
    for turn in range(10):
        with pytest.raises(Unauthenticated):
            log_in("wrong", address=f"10.0.0.{turn}")
    with pytest.raises(throttle.TooMany) as refused:
        log_in(PASSWORD, address="10.9.9.9")
    assert 0 < refused.value.retry_after_secs <= 300


@pytest.mark.usefixtures("throttled")
def test_a_success_forgives_the_failures_before_it(people: People) -> None:
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(Unauthenticated):
                log_in("wrong")
        log_in(PASSWORD)


@pytest.mark.usefixtures("throttled")
def test_one_address_cannot_try_many_accounts(people: People) -> None:
    for turn in range(100):
        with pytest.raises(Unauthenticated):
            log_in("wrong", email=f"nobody{turn}@example.com")
    with pytest.raises(throttle.TooMany):
        log_in(PASSWORD)


def reset_link() -> tuple[str, str]:
    found = re.search(r"/password-reset/(\S+)/(\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1), found.group(2)


@pytest.fixture
def link(people: People) -> tuple[str, str]:
    actions.request_password_reset(email="Alice@example.com", address="10.0.0.1", now=NOW)
    posting.send_due(now=lambda: NOW)
    return reset_link()


def test_a_mailed_link_sets_a_new_password_once(people: People, link: tuple[str, str]) -> None:
    uid, token = link
    actions.complete_password_reset(uid=uid, token=token, password="brand new secret", now=NOW)
    assert log_in("brand new secret") == people.alice
    with pytest.raises(Invalid):
        actions.complete_password_reset(uid=uid, token=token, password="another secret", now=NOW)


def test_a_link_for_somebody_else_changes_nothing(link: tuple[str, str], people: People) -> None:
    _, token = link
    for uid in ("", "x", "!!!", "Mg", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ", "\x00", "é"):
        with pytest.raises(Invalid):
            actions.complete_password_reset(uid=uid, token=token, password="new one!!!", now=NOW)


def test_a_weak_new_password_is_refused_and_the_link_still_works(link: tuple[str, str]) -> None:
    uid, token = link
    with pytest.raises(Invalid) as refused:
        actions.complete_password_reset(uid=uid, token=token, password="short", now=NOW)
    assert {fault.field for fault in refused.value.faults} == {"password"}
    actions.complete_password_reset(uid=uid, token=token, password="brand new secret", now=NOW)


def test_nobody_learns_whether_an_account_exists(
    people: People, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        actions.request_password_reset(email="nobody@example.com", address="10.0.0.1", now=NOW)
    assert not mail.outbox


def test_changing_the_password_needs_the_present_one(people: People) -> None:
    with pytest.raises(Invalid) as refused:
        actions.change_password(people.alice, current="no", password="another secret", now=NOW)
    assert [fault.field for fault in refused.value.faults] == ["current_password"]


def test_counters_of_old_windows_are_pruned(people: People) -> None:
    throttle.take(throttle.LOGIN_PER_ACCOUNT, "x", now=NOW)
    assert throttle.prune(now=NOW + timedelta(hours=1)) == 0
    assert throttle.prune(now=NOW + timedelta(days=2)) == 1


def test_a_limit_counts_within_its_window_only(people: People) -> None:
    limit = throttle.Limit("test", 2, 60)
    used = [throttle.take(limit, "x", now=NOW + timedelta(seconds=s)) for s in (0, 10, 59, 60)]
    assert [one.used for one in used] == [1, 2, 3, 1]
    assert [one.exceeded for one in used] == [False, False, True, False]
    assert [one.reset_secs for one in used] == [60, 50, 1, 60]
