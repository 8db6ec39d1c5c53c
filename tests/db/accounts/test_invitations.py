"""Inviting by e-mail."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from pulsescore.accounts import actions, queries
from pulsescore.accounts.models import Invitation, Role
from pulsescore.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.db.people import NOW, PASSWORD, People, sign_up

Commit = Callable[..., object]


def token_of_last_mail() -> str:
    found = re.search(r"/invitations/(\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


@pytest.fixture
def token(people: People, django_capture_on_commit_callbacks: Commit) -> str:
    """Alice invited dora@example.com as an admin."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        actions.invite(
            people.acting(people.alice), email="Dora@example.com", role=Role.ADMIN, now=NOW
        )
    return token_of_last_mail()


def test_the_mail_has_text_and_html_with_the_link(token: str) -> None:
    message = mail.outbox[-1]
    assert message.to == ["dora@example.com"]
    assert "Alice Tester invites you to alice & co" in message.subject
    assert "alice & co" in str(message.body)
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert token in html
    assert "alice &amp; co" in html


def test_only_a_hash_of_the_token_is_stored(people: People, token: str) -> None:
    invitation = Invitation.objects.for_org(people.org_id).get()
    assert token not in str(vars(invitation))


def test_the_invited_person_joins_with_the_offered_role(people: People, token: str) -> None:
    dora, _ = sign_up("dora")
    actions.accept_invitation(token=token, user=dora, now=NOW + timedelta(days=6))
    assert people.acting(dora).role == Role.ADMIN


def test_a_person_without_an_account_signs_up_by_it(people: People, token: str) -> None:
    dora, membership = actions.register_invited(
        token=token, first_name="Dora", last_name="Explorer", password=PASSWORD, now=NOW
    )
    assert (dora.email, membership.org_id) == ("dora@example.com", people.org_id)
    assert [one.org_id for one in queries.list_memberships(dora)] == [people.org_id]


def test_it_works_once(people: People, token: str) -> None:
    dora, _ = sign_up("dora")
    actions.accept_invitation(token=token, user=dora, now=NOW)
    with pytest.raises(NotFound):
        actions.accept_invitation(token=token, user=dora, now=NOW)


def test_it_ends_after_seven_days(people: People, token: str) -> None:
    dora, _ = sign_up("dora")
    with pytest.raises(NotFound):
        actions.accept_invitation(token=token, user=dora, now=NOW + timedelta(days=7))


def test_it_is_bound_to_the_address(people: People, token: str) -> None:
    with pytest.raises(Forbidden):
        actions.accept_invitation(token=token, user=people.charlie, now=NOW)


def test_it_can_be_withdrawn(people: People, token: str) -> None:
    invitation = queries.list_invitations(people.org_id, now=NOW).get()
    alice = people.acting(people.alice)
    actions.revoke_invitation(alice, invitation_id=invitation.pk, now=NOW)
    dora, _ = sign_up("dora")
    with pytest.raises(NotFound):
        actions.accept_invitation(token=token, user=dora, now=NOW)
    with pytest.raises(NotFound):
        actions.revoke_invitation(alice, invitation_id=invitation.pk, now=NOW)


def test_a_second_invitation_replaces_the_first(people: People, token: str) -> None:
    actions.invite(people.acting(people.alice), email="dora@example.com", role=Role.MEMBER, now=NOW)
    assert [one.role for one in queries.list_invitations(people.org_id, now=NOW)] == ["member"]
    with pytest.raises(NotFound):
        queries.get_invitation_by_token(token, now=NOW)


def test_members_are_not_invited_again(people: People) -> None:
    with pytest.raises(Conflict):
        actions.invite(
            people.acting(people.alice), email="BOB@example.com", role=Role.MEMBER, now=NOW
        )


def test_members_do_not_invite(people: People) -> None:
    with pytest.raises(Forbidden):
        actions.invite(people.acting(people.bob), email="x@example.com", role=Role.MEMBER, now=NOW)


def test_admins_do_not_invite_owners(people: People) -> None:
    people.join(people.charlie, Role.ADMIN)
    with pytest.raises(Forbidden):
        actions.invite(
            people.acting(people.charlie), email="x@example.com", role=Role.OWNER, now=NOW
        )


def test_an_address_that_is_none_is_refused(people: People) -> None:
    with pytest.raises(Invalid):
        actions.invite(people.acting(people.alice), email="nobody", role=Role.MEMBER, now=NOW)


def test_invitations_of_others_cannot_be_withdrawn(people: People, token: str) -> None:
    invitation = queries.list_invitations(people.org_id, now=NOW).get()
    stranger = queries.get_actor(user=people.charlie, org_id=people.other_org_id)
    with pytest.raises(NotFound):
        actions.revoke_invitation(stranger, invitation_id=invitation.pk, now=NOW)
