"""Rows of an organization are reached through one door."""

import pytest

from pulsescore.accounts.models import Membership, Organization, User
from pulsescore.core.tenancy import UnscopedQuery

pytestmark = pytest.mark.django_db


def member_of(name: str) -> Membership:
    org = Organization.objects.create(name=name)
    user = User.objects.create(email=f"{name}@example.com")
    return Membership.objects.create(org=org, user=user, role="owner")


def test_an_organization_sees_its_own_rows_only() -> None:
    ours, theirs = member_of("ours"), member_of("theirs")
    found = Membership.objects.for_org(ours.org_id)
    assert list(found) == [ours]
    assert not found.filter(id=theirs.id).exists()


@pytest.mark.parametrize(
    "name", ["all", "filter", "get", "count", "exists", "values_list", "order_by", "raw", "update"]
)
def test_a_query_that_names_no_organization_is_an_error(name: str) -> None:
    with pytest.raises(UnscopedQuery, match="for_org"):
        getattr(Membership.objects, name)()


def test_crossing_organizations_needs_a_reason() -> None:
    member_of("ours"), member_of("theirs")
    assert Membership.objects.across_orgs("the nightly loop serves everybody").count() == 2
    with pytest.raises(UnscopedQuery, match="say why"):
        Membership.objects.across_orgs("")
