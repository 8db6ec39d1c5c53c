"""The OAuth state is signed, bound to its session, short-lived and used once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings

from pulsescore.connectors.intercom import oauth
from pulsescore.connectors.intercom.problems import PROBLEMS, ConnectFailed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATTEMPT = oauth.Attempt(org_id=5, user_id=9, region="eu", mode="two_way", conversation_days=30)


def refused(state: str, *, nonce: str | None = "n", user_id: int = 9, secs: int = 0) -> str:
    with pytest.raises(ConnectFailed) as failure:
        oauth.check_state(
            state, session_nonce=nonce, user_id=user_id, now=NOW + timedelta(seconds=secs)
        )
    return failure.value.problem.code


@pytest.fixture
def state() -> str:
    return oauth.new_state(ATTEMPT, session_nonce="n", now=NOW)


def test_a_state_brings_back_its_attempt(state: str) -> None:
    checked = oauth.check_state(state, session_nonce="n", user_id=9, now=NOW)
    assert checked == ATTEMPT


def test_it_lives_for_ten_minutes(state: str) -> None:
    oauth.check_state(state, session_nonce="n", user_id=9, now=NOW + timedelta(minutes=10))
    assert refused(state, secs=601) == "state_expired"


def test_a_used_one_is_refused(state: str) -> None:
    assert refused(state, nonce=None) == "state_replayed"


def test_one_of_another_session_or_person_is_refused(state: str) -> None:
    assert refused(state, nonce="other") == "state_invalid"
    assert refused(state, user_id=10) == "state_invalid"


@pytest.mark.parametrize("change", ["x", "", "é"])
def test_a_changed_one_is_refused(state: str, change: str) -> None:
    assert refused(state[:-1] + change if change else "") == "state_invalid"


@pytest.fixture
def with_app(settings: LazySettings) -> LazySettings:
    settings.CONFIG = replace(
        settings.CONFIG,
        intercom_client_id="cid",
        intercom_client_secret="s3cret",
        intercom_oauth_url="",
    )
    return settings


def test_the_browser_goes_to_the_page_of_the_region(with_app: LazySettings) -> None:
    url = oauth.authorize_url(state="s&t", redirect_uri="https://p.example/cb", region="eu")
    parts = urlsplit(url)
    assert parts.hostname == "app.eu.intercom.com"
    assert parts.path == "/oauth"
    assert parse_qs(parts.query) == {
        "client_id": ["cid"],
        "state": ["s&t"],
        "redirect_uri": ["https://p.example/cb"],
    }


def test_a_configured_address_serves_all_regions(with_app: LazySettings) -> None:
    with_app.CONFIG = replace(with_app.CONFIG, intercom_oauth_url="http://127.0.0.1:9")
    url = oauth.authorize_url(state="s", redirect_uri="r", region="au")
    assert url.startswith("http://127.0.0.1:9/oauth?")


def test_without_an_app_the_remedy_is_named(settings: LazySettings) -> None:
    settings.CONFIG = replace(settings.CONFIG, intercom_client_id="")
    with pytest.raises(ConnectFailed, match="INTERCOM_CLIENT_ID"):
        oauth.authorize_url(state="s", redirect_uri="r")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"error": "access_denied"}, "access_denied"),
        ({"error": "invalid_client"}, "invalid_client"),
        ({"error": "redirect_uri_mismatch"}, "redirect_uri_mismatch"),
        ({"error": "strange"}, "unknown"),
        ({}, "code_missing"),
        ({"code": ""}, "code_missing"),
    ],
)
def test_errors_of_the_callback_are_told_in_words(query: dict[str, str], code: str) -> None:
    assert oauth.callback_problem(query) is PROBLEMS[code]


def test_a_code_is_no_problem() -> None:
    assert oauth.callback_problem({"code": "abc="}) is None


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=list(PROBLEMS))
def test_every_problem_says_what_happened_what_it_means_and_what_to_do(problem: object) -> None:
    assert problem.title  # type: ignore[attr-defined]
    assert problem.meaning.endswith(".")  # type: ignore[attr-defined]
    assert problem.remedy.endswith(".")  # type: ignore[attr-defined]
