"""Bulk writing: ids reserved, rows copied, rows updated by key."""

import pytest
from django.utils import timezone

from pulsescore.accounts.models import Membership, Organization, User
from pulsescore.core import bulk_sql

pytestmark = pytest.mark.django_db


def make_users(count: int) -> list[User]:
    return [User.objects.create(email=f"u{number}@example.com") for number in range(count)]


def test_reserved_ids_are_fresh_and_used_by_nobody_else() -> None:
    first = bulk_sql.reserve_ids("accounts_organization", 3)
    second = bulk_sql.reserve_ids("accounts_organization", 2)
    assert len({*first, *second}) == 5
    assert Organization.objects.create(name="next").id not in {*first, *second}


def test_reserving_nothing_asks_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert bulk_sql.reserve_ids("accounts_organization", 0) == []


def test_copied_rows_are_there_with_their_values() -> None:
    now = timezone.now()
    ids = bulk_sql.reserve_ids("accounts_organization", 2)
    rows = [(ids[0], "Tab\tand\nnewline", now), (ids[1], "Ünïcode", now)]
    bulk_sql.copy_rows("accounts_organization", ["id", "name", "created_at"], rows)
    names = set(Organization.objects.filter(id__in=ids).values_list("name", flat=True))
    assert names == {"Tab\tand\nnewline", "Ünïcode"}


def test_updated_rows_change_and_others_do_not() -> None:
    org = Organization.objects.create(name="Acme")
    one, two, three = (
        Membership.objects.create(org=org, user=user, role="member") for user in make_users(3)
    )
    count = bulk_sql.update_rows(
        "accounts_membership", "id", ["role"], [(one.id, "owner"), (two.id, "admin")]
    )
    roles = dict(Membership.objects.for_org(org.id).values_list("id", "role"))
    assert count == 2
    assert roles == {one.id: "owner", two.id: "admin", three.id: "member"}
