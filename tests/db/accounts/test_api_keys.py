"""Keys for programs."""

from datetime import timedelta

import pytest

from pulsescore.accounts import actions, queries
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import ApiKey, Role
from pulsescore.core.errors import Forbidden, Invalid, NotFound
from tests.db.people import NOW, People


def make(actor: Actor, **changes: object) -> tuple[ApiKey, str]:
    fields = {"name": "ci", "role": Role.MEMBER, "expires_at": None, "now": NOW, **changes}
    return actions.create_api_key(actor, **fields)  # type: ignore[arg-type]


def test_a_key_is_found_by_its_secret_which_is_not_stored(people: People) -> None:
    key, secret = make(people.acting(people.alice))
    assert secret.startswith("ps_")
    assert queries.find_api_key(secret, now=NOW) == key
    assert secret not in str(vars(key))


def test_a_key_expires(people: People) -> None:
    _, secret = make(people.acting(people.alice), expires_at=NOW + timedelta(days=1))
    assert queries.find_api_key(secret, now=NOW + timedelta(hours=23)) is not None
    assert queries.find_api_key(secret, now=NOW + timedelta(days=1)) is None


def test_a_key_ends_when_revoked(people: People) -> None:
    alice = people.acting(people.alice)
    key, secret = make(alice)
    actions.revoke_api_key(alice, key_id=key.pk, now=NOW)
    assert queries.find_api_key(secret, now=NOW) is None
    with pytest.raises(NotFound):
        actions.revoke_api_key(alice, key_id=key.pk, now=NOW)


def test_keys_of_others_cannot_be_revoked(people: People) -> None:
    key, _ = make(people.acting(people.alice))
    stranger = queries.get_actor(user=people.charlie, org_id=people.other_org_id)
    with pytest.raises(NotFound):
        actions.revoke_api_key(stranger, key_id=key.pk, now=NOW)


def test_members_make_no_keys(people: People) -> None:
    with pytest.raises(Forbidden):
        make(people.acting(people.bob))


def test_a_key_makes_no_keys(people: People) -> None:
    program = Actor(user=None, org_id=people.org_id, role=Role.ADMIN, via="api_key", api_key_id=1)
    with pytest.raises(Forbidden):
        make(program)


def test_a_key_holds_no_role_above_its_maker(people: People) -> None:
    people.join(people.charlie, Role.ADMIN)
    with pytest.raises(Forbidden):
        make(people.acting(people.charlie), role=Role.OWNER)


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "x" * 81}, {"expires_at": NOW}])
def test_wrong_fields_are_refused(people: People, changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        make(people.acting(people.alice), **changes)


def test_the_last_use_is_noted_at_most_once_a_minute(people: People) -> None:
    key, _ = make(people.acting(people.alice))
    for second in (0, 30, 59, 61):
        key.refresh_from_db()
        actions.note_use(key, now=NOW + timedelta(seconds=second))
    key.refresh_from_db()
    assert key.last_used_at == NOW + timedelta(seconds=61)


def test_making_and_revoking_is_audited_without_the_secret(people: People) -> None:
    alice = people.acting(people.alice)
    key, secret = make(alice)
    actions.revoke_api_key(alice, key_id=key.pk, now=NOW)
    entries = queries.list_audit(people.org_id, action="api_key")
    assert [entry.action for entry in entries] == ["api_key.revoked", "api_key.created"]
    assert secret not in str([entry.details for entry in entries])
