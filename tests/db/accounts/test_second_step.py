"""The second step: an app, recovery codes, throttling, and what is told about it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core import mail

from pulsescore.accounts import queries
from pulsescore.accounts.throttle import TooMany
from pulsescore.accounts.two_step import setting_up, totp
from pulsescore.accounts.two_step.factors import get_factors, needs_second_step, protected_people
from pulsescore.accounts.two_step.proving import prove_with_code
from pulsescore.core.errors import Conflict, Invalid, NotFound
from tests.db.people import NOW, People

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def secret() -> str:
    return totp.new_secret()


@pytest.fixture
def codes(people: People, secret: str) -> list[str]:
    """Alice's recovery codes, made with her app."""
    return setting_up.add_app(people.alice, secret=secret, code=totp.code_at(secret, NOW), now=NOW)


def test_an_app_is_added_by_the_code_it_shows(people: People, secret: str) -> None:
    with pytest.raises(Invalid, match="another code"):
        setting_up.add_app(people.alice, secret=secret, code="000000", now=NOW)
    assert not needs_second_step(people.alice)

    codes = setting_up.add_app(people.alice, secret=secret, code=totp.code_at(secret, NOW), now=NOW)
    assert needs_second_step(people.alice)
    assert len(set(codes)) == 10
    assert protected_people([people.alice.pk, people.bob.pk]) == {people.alice.pk}


def test_there_is_one_app(people: People, codes: list[str], secret: str) -> None:
    with pytest.raises(Conflict):
        setting_up.add_app(people.alice, secret=secret, code=totp.code_at(secret, LATER), now=LATER)


def test_secrets_are_sealed_where_they_are_stored(
    people: People, codes: list[str], secret: str
) -> None:
    stored = "".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_a_code_proves_once(people: People, codes: list[str], secret: str) -> None:
    code = totp.code_at(secret, LATER)
    assert prove_with_code(people.alice, code=code, now=LATER) is False
    with pytest.raises(Invalid):
        prove_with_code(people.alice, code=code, now=LATER)


def test_the_code_of_the_set_up_does_not_prove_again(
    people: People, codes: list[str], secret: str
) -> None:
    with pytest.raises(Invalid):
        prove_with_code(people.alice, code=totp.code_at(secret, NOW), now=NOW)


def test_a_recovery_code_proves_once(people: People, codes: list[str]) -> None:
    assert prove_with_code(people.alice, code=codes[3], now=LATER) is True
    assert get_factors(people.alice).codes_left == 9
    with pytest.raises(Invalid):
        prove_with_code(people.alice, code=codes[3], now=LATER)


def test_new_recovery_codes_end_the_former(people: People, codes: list[str]) -> None:
    fresh = setting_up.renew_recovery(people.alice, now=LATER)
    with pytest.raises(Invalid):
        prove_with_code(people.alice, code=codes[0], now=LATER)
    assert prove_with_code(people.alice, code=fresh[0], now=LATER)


def test_recovery_codes_stand_in_for_something(people: People) -> None:
    with pytest.raises(NotFound):
        setting_up.renew_recovery(people.alice, now=NOW)


@pytest.mark.parametrize("code", ["", " ", "000000", "x" * 5000, "\x00", "１２３４５６"])
def test_whatever_else_is_typed_proves_nothing(code: str, people: People, codes: list[str]) -> None:
    with pytest.raises(Invalid):
        prove_with_code(people.alice, code=code, now=LATER)


def test_guessing_ends_after_ten_attempts(
    people: People, codes: list[str], secret: str, settings: LazySettings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, api_rate=600)
    for _ in range(10):
        with pytest.raises(Invalid):
            prove_with_code(people.alice, code="000000", now=LATER)

    with pytest.raises(TooMany, match="Try again in 3 minutes"):
        prove_with_code(people.alice, code=totp.code_at(secret, LATER), now=LATER)


def test_removing_the_last_factor_takes_the_codes_along(people: People, codes: list[str]) -> None:
    setting_up.remove_app(people.alice, now=LATER)
    assert not Authenticator.objects.filter(user=people.alice).exists()
    with pytest.raises(NotFound):
        setting_up.remove_app(people.alice, now=LATER)


def test_the_person_is_mailed_and_the_audit_log_told(
    people: People, secret: str, django_capture_on_commit_callbacks: object
) -> None:
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        setting_up.add_app(people.alice, secret=secret, code=totp.code_at(secret, NOW), now=NOW)
    assert [one.to for one in mail.outbox] == [["alice@example.com"]]
    assert "authenticator app was added" in mail.outbox[0].body
    entry = queries.list_audit(people.org_id, action="member.second_step").get()
    assert entry.details["protected"] is True
    assert secret not in str(entry.details)


def test_nobody_elses_codes_count(people: People, codes: list[str], secret: str) -> None:
    with pytest.raises(Invalid):
        prove_with_code(people.bob, code=codes[0], now=LATER)
    with pytest.raises(Invalid):
        prove_with_code(people.bob, code=totp.code_at(secret, LATER), now=LATER)
