"""One-time codes by the clock: the vectors of RFC 6238, tolerance, and no code twice."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.accounts.two_step import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 4, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("secs", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(secs: int, code: str) -> None:
    assert totp.code_at(SECRET, datetime.fromtimestamp(secs, UTC)) == code


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_a_clock_that_is_half_a_minute_off_is_forgiven(drift: int) -> None:
    code = totp.code_at(SECRET, NOW + timedelta(seconds=drift))
    counter = totp.matching_counter(SECRET, code, now=NOW, after=0)
    assert counter == totp.counter_at(NOW) + drift // 30


@pytest.mark.parametrize("drift", [-90, 90])
def test_older_and_later_codes_are_refused(drift: int) -> None:
    code = totp.code_at(SECRET, NOW + timedelta(seconds=drift))
    assert totp.matching_counter(SECRET, code, now=NOW, after=0) is None


def test_a_spent_code_and_those_before_it_are_refused() -> None:
    spent = totp.counter_at(NOW)
    for drift in (-30, 0):
        code = totp.code_at(SECRET, NOW + timedelta(seconds=drift))
        assert totp.matching_counter(SECRET, code, now=NOW, after=spent) is None
    later = totp.code_at(SECRET, NOW + timedelta(seconds=30))
    assert totp.matching_counter(SECRET, later, now=NOW, after=spent) == spent + 1


def test_spaces_in_a_code_do_not_matter() -> None:
    code = totp.code_at(SECRET, NOW)
    assert totp.matching_counter(SECRET, f" {code[:3]} {code[3:]} ", now=NOW, after=0)


@given(st.text())
def test_whatever_else_is_typed_is_no_code(text: str) -> None:
    if totp.matching_counter(SECRET, text, now=NOW, after=0):
        assert "".join(text.split()).isdigit()


@given(st.text())
def test_whatever_is_no_secret_of_ours_opens_nothing(secret: str) -> None:
    if secret != SECRET:
        assert totp.matching_counter(secret, "287082", now=NOW, after=0) is None


def test_fresh_secrets_differ_and_can_be_typed() -> None:
    one, other = totp.new_secret(), totp.new_secret()
    assert one != other
    assert totp.is_secret(one)
    assert totp.grouped(one).replace(" ", "") == one


def test_the_picture_is_one_element_that_carries_nothing_but_a_path() -> None:
    uri = totp.setup_uri(SECRET, account='"><script>@example.com')
    picture = totp.setup_picture(uri)
    assert "script" not in uri.lower() or "%3Cscript%3E" in uri
    assert picture.startswith("<svg")
    assert "<script" not in picture
    assert "style=" not in picture
