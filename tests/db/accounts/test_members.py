"""Roles, and who may change them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from pulsescore.accounts import actions, queries, tokens
from pulsescore.accounts.models import ApiKey, Membership, Role
from pulsescore.core.errors import Conflict, Forbidden, NotFound, Rejected
from tests.db.people import NOW, People


def test_a_stranger_is_no_actor_here(people: People) -> None:
    with pytest.raises(NotFound):
        queries.get_actor(user=people.charlie, org_id=people.org_id)


def test_an_inactive_person_is_no_actor_anywhere(people: People) -> None:
    people.bob.is_active = False
    with pytest.raises(NotFound):
        people.acting(people.bob)


def test_the_role_of_this_organization_counts(people: People) -> None:
    assert people.acting(people.bob).role == Role.MEMBER
    own = queries.default_org_id(people.bob)
    assert own is not None
    assert queries.get_actor(user=people.bob, org_id=own).role == Role.OWNER


def test_an_owner_promotes_a_member_and_it_acts_at_once(people: People) -> None:
    actions.change_role(
        people.acting(people.alice),
        membership_id=people.membership_id(people.bob),
        role=Role.ADMIN,
        now=NOW,
    )
    assert people.acting(people.bob).role == Role.ADMIN
    entry = queries.list_audit(people.org_id, action="member.role_changed").get()
    assert entry.details == {
        "person": "bob@example.com",
        "before": "member",
        "after": "admin",
    }


def test_a_member_changes_no_roles(people: People) -> None:
    with pytest.raises(Forbidden):
        actions.change_role(
            people.acting(people.bob),
            membership_id=people.membership_id(people.bob),
            role=Role.ADMIN,
            now=NOW,
        )


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_an_admin_does_not_touch_owners(people: People, role: Role) -> None:
    people.join(people.charlie, Role.ADMIN)
    with pytest.raises(Forbidden):
        actions.change_role(
            people.acting(people.charlie),
            membership_id=people.membership_id(people.alice),
            role=role,
            now=NOW,
        )


def test_an_admin_makes_no_owners(people: People) -> None:
    people.join(people.charlie, Role.ADMIN)
    with pytest.raises(Forbidden):
        actions.change_role(
            people.acting(people.charlie),
            membership_id=people.membership_id(people.bob),
            role=Role.OWNER,
            now=NOW,
        )


def test_the_last_owner_keeps_the_role_and_stays(people: People) -> None:
    alice = people.acting(people.alice)
    own = people.membership_id(people.alice)
    with pytest.raises(Conflict):
        actions.change_role(alice, membership_id=own, role=Role.ADMIN, now=NOW)
    with pytest.raises(Conflict):
        actions.remove_member(alice, membership_id=own, now=NOW)


def test_an_owner_may_step_down_when_there_is_another(people: People) -> None:
    people.join(people.charlie, Role.OWNER)
    own = people.membership_id(people.alice)
    alice = people.acting(people.alice)
    actions.change_role(alice, membership_id=own, role=Role.MEMBER, now=NOW)
    assert people.acting(people.alice).role == Role.MEMBER


def test_members_of_other_organizations_are_unknown(people: People) -> None:
    stranger = Membership.objects.for_org(people.other_org_id).get().pk
    alice = people.acting(people.alice)
    with pytest.raises(NotFound):
        actions.change_role(alice, membership_id=stranger, role=Role.ADMIN, now=NOW)
    with pytest.raises(NotFound):
        actions.remove_member(alice, membership_id=stranger, now=NOW)


def test_a_member_may_leave_but_not_remove_others(people: People) -> None:
    bob = people.acting(people.bob)
    with pytest.raises(Forbidden):
        actions.remove_member(bob, membership_id=people.membership_id(people.alice), now=NOW)
    actions.remove_member(bob, membership_id=people.membership_id(people.bob), now=NOW)
    with pytest.raises(NotFound):
        people.acting(people.bob)


def test_removal_ends_log_ins_and_keys_at_once(people: People) -> None:
    people.join(people.charlie, Role.ADMIN)
    charlie = people.acting(people.charlie)
    _, secret = actions.create_api_key(
        charlie, name="ci", role=Role.ADMIN, expires_at=None, now=NOW
    )
    pair = tokens.issue(user=people.charlie, org_id=people.org_id, secret_key="k", now=NOW)
    actions.remove_member(
        people.acting(people.alice),
        membership_id=people.membership_id(people.charlie),
        now=NOW,
    )
    assert queries.find_api_key(secret, now=NOW) is None
    with pytest.raises(Rejected):
        tokens.refresh(refresh_token=pair.refresh_token, secret_key="k", now=NOW)


def test_demotion_ends_the_keys_above_the_new_role(people: People) -> None:
    charlie = people.join(people.charlie, Role.ADMIN)
    actor = people.acting(people.charlie)
    for role in (Role.ADMIN, Role.MEMBER):
        actions.create_api_key(actor, name=role, role=role, expires_at=None, now=NOW)
    actions.change_role(
        people.acting(people.alice), membership_id=charlie.pk, role=Role.MEMBER, now=NOW
    )
    left = ApiKey.objects.for_org(people.org_id).filter(revoked_at=None)
    assert [key.role for key in left] == [Role.MEMBER]


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_leave_one(people: People) -> None:
    people.join(people.charlie, Role.OWNER)
    pairs = [(people.alice, people.charlie), (people.charlie, people.alice)]
    actors = {user.pk: people.acting(user) for user, _ in pairs}
    targets = {user.pk: people.membership_id(target) for user, target in pairs}
    start = threading.Barrier(2)

    def demote(user_id: int) -> bool:
        start.wait()
        try:
            actions.change_role(
                actors[user_id], membership_id=targets[user_id], role=Role.MEMBER, now=NOW
            )
        except Rejected:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, actors))
    assert sorted(done) == [False, True]
    assert Membership.objects.for_org(people.org_id).filter(role=Role.OWNER).count() == 1
