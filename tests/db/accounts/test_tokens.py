"""Access and refresh tokens."""

from datetime import timedelta

import jwt
import pytest

from pulsescore.accounts import actions, tokens
from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.models import RefreshToken
from tests.db.people import NOW, PASSWORD, People

KEY = "first-key,older-key"


@pytest.fixture
def pair(people: People) -> tokens.Tokens:
    return tokens.issue(user=people.alice, org_id=people.org_id, secret_key=KEY, now=NOW)


def verify(token: str, *, key: str = KEY, after: timedelta = timedelta()) -> tokens.Grant:
    return tokens.verify_access(access_token=token, secret_key=key, now=NOW + after)


def refresh(token: str, *, after: timedelta = timedelta()) -> tokens.Tokens:
    return tokens.refresh(refresh_token=token, secret_key=KEY, now=NOW + after)[1]


def test_an_access_token_names_person_and_organization(people: People, pair: tokens.Tokens) -> None:
    grant = verify(pair.access_token)
    assert (grant.user, grant.org_id) == (people.alice, people.org_id)


def test_it_lives_fifteen_minutes(pair: tokens.Tokens) -> None:
    verify(pair.access_token, after=timedelta(minutes=14, seconds=59))
    with pytest.raises(Unauthenticated):
        verify(pair.access_token, after=timedelta(minutes=15))


def test_it_tells_no_role(pair: tokens.Tokens) -> None:
    claims = jwt.decode(pair.access_token, options={"verify_signature": False})
    assert set(claims) == {"typ", "sub", "org", "fam", "pwd", "iat", "exp"}


def test_every_key_of_the_ring_verifies_and_the_first_signs(people: People) -> None:
    old = tokens.issue(user=people.alice, org_id=None, secret_key="older-key", now=NOW)
    verify(old.access_token)
    new = tokens.issue(user=people.alice, org_id=None, secret_key=KEY, now=NOW)
    verify(new.access_token, key="first-key")
    with pytest.raises(Unauthenticated):
        verify(new.access_token, key="older-key")


def test_a_refresh_token_is_no_access_token(pair: tokens.Tokens) -> None:
    with pytest.raises(Unauthenticated):
        verify(pair.refresh_token)
    with pytest.raises(Unauthenticated):
        refresh(pair.access_token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "🦊", "a" * 10_000])
def test_nonsense_is_refused(people: People, token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token)
    with pytest.raises(Unauthenticated):
        refresh(token)


def test_an_unsigned_token_is_refused(pair: tokens.Tokens) -> None:
    claims = jwt.decode(pair.access_token, options={"verify_signature": False})
    with pytest.raises(Unauthenticated):
        verify(jwt.encode(claims, "", algorithm="none"))


def test_refreshing_rotates_the_pair(pair: tokens.Tokens) -> None:
    following = refresh(pair.refresh_token)
    assert following.refresh_token != pair.refresh_token
    verify(following.access_token)
    refresh(following.refresh_token)


def test_reuse_of_a_spent_token_ends_the_family(pair: tokens.Tokens) -> None:
    following = refresh(pair.refresh_token)
    with pytest.raises(Unauthenticated):
        refresh(pair.refresh_token)
    with pytest.raises(Unauthenticated):
        refresh(following.refresh_token)
    with pytest.raises(Unauthenticated):
        verify(following.access_token)


def test_another_log_in_survives_the_end_of_a_family(people: People, pair: tokens.Tokens) -> None:
    other = tokens.issue(user=people.alice, org_id=people.org_id, secret_key=KEY, now=NOW)
    tokens.revoke_by_token(pair.refresh_token, now=NOW)
    verify(other.access_token)


def test_a_refresh_token_lives_thirty_days(pair: tokens.Tokens) -> None:
    with pytest.raises(Unauthenticated):
        refresh(pair.refresh_token, after=timedelta(days=30))


def test_only_hashes_are_stored(pair: tokens.Tokens) -> None:
    assert pair.refresh_token not in str(RefreshToken.objects.values())


def test_logging_out_ends_both_tokens_at_once(pair: tokens.Tokens) -> None:
    tokens.revoke_by_token(pair.refresh_token, now=NOW)
    with pytest.raises(Unauthenticated):
        verify(pair.access_token)
    with pytest.raises(Unauthenticated):
        refresh(pair.refresh_token)


def test_an_inactive_person_is_refused_at_once(people: People, pair: tokens.Tokens) -> None:
    people.alice.is_active = False
    people.alice.save()
    with pytest.raises(Unauthenticated):
        verify(pair.access_token)
    with pytest.raises(Unauthenticated):
        refresh(pair.refresh_token)


def test_a_new_password_ends_every_log_in(people: People, pair: tokens.Tokens) -> None:
    actions.change_password(
        people.alice, current=PASSWORD, password="quite another secret", now=NOW
    )
    with pytest.raises(Unauthenticated):
        verify(pair.access_token)
    with pytest.raises(Unauthenticated):
        refresh(pair.refresh_token)


def test_pruning_keeps_what_may_still_matter(pair: tokens.Tokens) -> None:
    assert tokens.prune(now=NOW + timedelta(days=59)) == 0
    assert tokens.prune(now=NOW + timedelta(days=61)) == 1
