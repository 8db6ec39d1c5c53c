"""Deleting an organization: at once for people, soon for rows, whole, and nobody else's."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection as database
from procrastinate.contrib.django.models import ProcrastinateJob

from pulsescore.accounts import actions, queries, tokens
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import (
    Invitation,
    Membership,
    Organization,
    OrganizationRemoval,
    Role,
    User,
)
from pulsescore.connectors.intercom import secrets
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, SyncRun
from pulsescore.core import removal
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Forbidden, Invalid, NotFound
from pulsescore.core.tenancy import TenantModel
from pulsescore.pipeline import removing
from pulsescore.store import actions as store_actions
from pulsescore.store.models import Customer
from tests import seeding

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = "a-secret-key-for-this-test-0123456789"


def lived_in(name: str) -> seeding.Seeded:
    """An organization with rows in as many tables as we can reach."""
    made = seeding.seed(f"{name}@example.com", customers=6, now=utcnow(), name=name, days=3)
    secrets.seal_token(made.connection, "an-access-token-0123456789")
    made.connection.save()
    actor = owner_of(made)
    actions.create_api_key(actor, name="k", role=Role.MEMBER, expires_at=None, now=utcnow())
    actions.invite(actor, email=f"guest@{name}.example", role=Role.MEMBER, now=utcnow())
    customer = Customer.objects.for_org(actor.org_id).earliest("id")
    store_actions.add_note(actor, customer_id=customer.pk, body="Hello", now=utcnow())
    tokens.issue(user=made.user, org_id=actor.org_id, secret_key=KEY, now=utcnow())
    return made


def owner_of(made: seeding.Seeded) -> Actor:
    return Actor(made.user, made.organization.pk, Role.OWNER, "session")


def rows_of(org_id: int) -> dict[str, int]:
    """How many rows each table keeps of an organization."""
    counts: dict[str, int] = {}
    with database.cursor() as cursor:
        for table, column in removal.tables_of(Organization):
            name = table._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{name}" WHERE "{column}" = %s', [org_id])
            counts[name] = cursor.fetchone()[0]
    return counts


def delete(made: seeding.Seeded, *, confirmation: str = "") -> None:
    name = confirmation or made.organization.name
    removing.delete_organization(owner_of(made), confirmation=name, now=NOW)


def test_every_table_of_tenants_is_found_children_before_parents() -> None:
    order = [table for table, _ in removal.tables_of(Organization)]
    tenants = {one for one in apps.get_models() if issubclass(one, TenantModel)}
    assert tenants <= set(order)
    places = {table: place for place, table in enumerate(order)}
    for table in order:
        for parent in removal._parents(table):
            if parent in places:
                assert places[table] < places[parent], (table, parent)


def test_nothing_outside_points_into_what_is_removed() -> None:
    owned = {table for table, _ in removal.tables_of(Organization)}
    for table in set(apps.get_models(include_auto_created=True)) - owned - {Organization}:
        assert not removal._parents(table) & owned, table


def test_at_once_nobody_enters_any_more() -> None:
    made = lived_in("acme")
    member = User.objects.create_user("bob@example.com", "x")
    Membership(org=made.organization, user=member, role=Role.MEMBER).save()
    delete(made)

    assert not queries.list_memberships(made.user).exists()
    with pytest.raises(NotFound):
        queries.get_actor(user=member, org_id=made.organization.pk)
    assert not queries.list_api_keys(made.organization.pk).exists()
    assert not Invitation.objects.for_org(made.organization.pk).filter(revoked_at=None).exists()


def test_at_once_no_token_is_left_and_no_run_goes_on() -> None:
    made = lived_in("acme")
    seeding.add_run(made.connection, status="running", now=utcnow())
    delete(made)

    connection = Connection.objects.for_org(made.organization.pk).get()
    assert connection.status == ConnectionStatus.DISCONNECTED
    assert connection.sealed_token is None
    runs = SyncRun.objects.for_org(made.organization.pk)
    assert not runs.filter(status__in=("queued", "running")).exists()


def test_soon_nothing_is_left_and_others_keep_everything() -> None:
    made, other = lived_in("acme"), lived_in("globex")
    before = rows_of(other.organization.pk)
    assert sum(1 for count in rows_of(made.organization.pk).values() if count) > 15
    delete(made)

    removed = actions.remove_closed(made.organization.pk, now=NOW)

    assert removed > 50
    assert not Organization.objects.filter(id=made.organization.pk).exists()
    assert set(rows_of(made.organization.pk).values()) == {0}
    assert rows_of(other.organization.pk) == before
    assert User.objects.filter(id=made.user.pk).exists()


def test_that_it_was_deleted_is_remembered_without_its_data() -> None:
    made = lived_in("acme")
    delete(made)
    actions.remove_closed(made.organization.pk, now=NOW)

    told = OrganizationRemoval.objects.get(org_id=made.organization.pk)
    assert (told.requested_by, told.requested_at, told.finished_at) == (made.user, NOW, NOW)
    assert told.rows > 0


def test_a_removal_that_was_killed_goes_on_where_it_stopped() -> None:
    made = lived_in("acme")
    delete(made)
    tables = removal.tables_of(Organization)
    for table, column in tables[: len(tables) // 2]:
        list(removal._emptying(table, column, made.organization.pk, batch=3))

    assert actions.list_unremoved() == [made.organization.pk]
    removing.wake_removals()
    jobs = ProcrastinateJob.objects.filter(task_name="remove_organization")
    assert jobs.filter(args={"org_id": made.organization.pk}).count() == 1
    actions.remove_closed(made.organization.pk, now=NOW)
    assert actions.list_unremoved() == []
    assert set(rows_of(made.organization.pk).values()) == {0}


def test_removing_twice_does_nothing_more() -> None:
    made = lived_in("acme")
    delete(made)
    actions.remove_closed(made.organization.pk, now=NOW)
    assert actions.remove_closed(made.organization.pk, now=NOW) == 0


def test_an_organization_that_lives_is_never_removed() -> None:
    made = lived_in("acme")
    before = rows_of(made.organization.pk)
    assert actions.remove_closed(made.organization.pk, now=NOW) == 0
    assert rows_of(made.organization.pk) == before


@pytest.mark.parametrize("typed", ["", "acm", "ACME", "globex"])
def test_a_wrong_name_changes_nothing(typed: str) -> None:
    made = lived_in("acme")
    with pytest.raises(Invalid):
        removing.delete_organization(owner_of(made), confirmation=typed, now=NOW)
    assert Connection.objects.for_org(made.organization.pk).get().sealed_token is not None
    assert queries.list_memberships(made.user).exists()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_only_owners_delete(role: Role) -> None:
    made = lived_in("acme")
    actor = Actor(made.user, made.organization.pk, role, "session")
    with pytest.raises(Forbidden):
        removing.delete_organization(actor, confirmation="acme", now=NOW)


def test_a_key_deletes_nothing() -> None:
    made = lived_in("acme")
    actor = Actor(None, made.organization.pk, Role.OWNER, "api_key", api_key_id=1)
    with pytest.raises(Forbidden):
        removing.delete_organization(actor, confirmation="acme", now=NOW)


def test_the_owners_are_told() -> None:
    made = lived_in("acme")
    mail.outbox.clear()
    delete(made)
    assert [one.to for one in mail.outbox] == [["acme@example.com"]]
    assert "acme was deleted" in mail.outbox[0].subject
