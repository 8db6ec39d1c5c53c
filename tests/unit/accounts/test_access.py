"""What roles allow, and the pure checks of what people enter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.accounts import fields
from pulsescore.accounts.access import Actor
from pulsescore.accounts.links import invitation_link, password_reset_link
from pulsescore.accounts.models import Role
from pulsescore.accounts.secrets import hash_secret, new_secret, shown_part
from pulsescore.core.errors import Forbidden, Invalid

ORDER = [Role.MEMBER, Role.ADMIN, Role.OWNER]


@pytest.mark.parametrize("held", ORDER)
@pytest.mark.parametrize("needed", ORDER)
def test_a_role_allows_what_lower_roles_may(held: Role, needed: Role) -> None:
    actor = Actor(user=None, org_id=1, role=held, via="token")
    assert actor.allows(needed) == (ORDER.index(held) >= ORDER.index(needed))


def test_a_missing_role_is_named() -> None:
    with pytest.raises(Forbidden, match="owner"):
        Actor(user=None, org_id=1, role=Role.ADMIN, via="token").require(Role.OWNER)


def test_a_program_is_no_person() -> None:
    with pytest.raises(Forbidden):
        Actor(user=None, org_id=1, role=Role.OWNER, via="api_key").require_person()


@pytest.mark.parametrize(
    "address", ["ada@example.com", "a+b@sub.example.co.uk", "ünï@exämple.com", "a@localhost"]
)
def test_addresses_pass(address: str) -> None:
    assert not fields.email_faults("email", address)


@pytest.mark.parametrize(
    "address",
    ["", "ada", "@x.org", "a@", "a b@x.org", "a@x..org", "a@b@c", "a@x\x00", "a" * 255],
)
def test_what_is_no_address_does_not(address: str) -> None:
    assert fields.email_faults("email", address)


@given(st.text())
def test_no_text_breaks_the_checks(text: str) -> None:
    fields.email_faults("email", text)
    fields.text_faults("name", text, max_length=10)
    fields.time_zone_faults("time_zone", text)


def test_all_faults_are_raised_together() -> None:
    with pytest.raises(Invalid) as refused:
        fields.raise_if_any(
            [*fields.text_faults("a", "", max_length=1), *fields.email_faults("b", "")]
        )
    assert [fault.field for fault in refused.value.faults] == ["a", "b"]


def test_secrets_differ_and_hash_the_same() -> None:
    one, other = new_secret("ps_"), new_secret("ps_")
    assert one != other
    assert hash_secret(one) == hash_secret(one) != hash_secret(other)
    assert one.startswith(shown_part(one))


def test_links_lead_to_the_public_address() -> None:
    assert invitation_link("https://x.test", "a/b") == "https://x.test/invitations/a%2Fb"
    assert password_reset_link("https://x.test", uid="MQ", token="t-1") == (
        "https://x.test/password-reset/MQ/t-1"
    )
