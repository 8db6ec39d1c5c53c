"""Send, pressed for users, leads, companies, a segment or everybody: a run that tells its story."""

import pytest

from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import actions, marks, planning, queries, send_runs
from pulsescore.connectors.intercom.outbound.models import (
    OutboundMark,
    OutboundSettings,
    OutboundTask,
)
from pulsescore.connectors.intercom.outbound.run_models import SendRun, SendScope
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.errors import Conflict, Forbidden, NotFound
from pulsescore.segments.models import CompanyMembership, Member, Segment
from pulsescore.store.models import Company, Customer
from tests.db.intercom.conftest import Present, Sync
from tests.db.intercom.outbound_kit import Product


@pytest.fixture
def size() -> Size:
    return Size(12)


@pytest.fixture
def product(sim: Running, sync: Sync, connection: Connection, present: Present) -> Product:
    """Two-way: two users and a lead in segments that are sent without tags, nothing differs."""
    sync("full")
    made = Product(connection, sim, present)
    made.map("title", "name")
    leads = Customer.objects.for_org(made.org_id).filter(contact_role="lead", deleted_at=None)
    users = made.segment("Users", made.customers()[:2])
    lead = made.segment("Leads", leads.order_by("id")[:1])
    made.go_two_way(user_segments=[users.pk], lead_segments=[lead.pk], tag_segments=False)
    made.send()
    sim.simulator.log.clear()
    return made


def people(product: Product) -> list[Customer]:
    """Two users, then a lead."""
    settings = settings_of(product.connection)
    members = Member.objects.for_org(product.org_id).filter(
        segment_id__in=[*settings.user_segments, *settings.lead_segments]
    )
    ids = list(members.values_list("customer_id", flat=True))
    rows = Customer.objects.for_org(product.org_id).filter(pk__in=ids)
    return sorted(rows, key=lambda one: (one.contact_role == "lead", one.pk))


def learn_quietly(product: Product, customers: list[Customer], title: str) -> None:
    """Something differs, and nothing has noticed: as after a mapping was made in the table."""
    for one in customers:
        product.learn(one, title=title)
    OutboundMark.objects.for_org(product.org_id).delete()


def ask(product: Product, admin: Actor, scope: SendScope, segment: int | None = None) -> SendRun:
    return actions.request_send(
        admin,
        product.connection.pk,
        scope=scope,
        segment_id=segment,
        now=product.present.now(),
    )


def again(run: SendRun) -> SendRun:
    return SendRun.objects.for_org(run.org_id).get(pk=run.pk)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(SendScope.USERS, 2), (SendScope.LEADS, 1), (SendScope.EVERYBODY, 3)],
)
def test_only_who_is_of_the_scope_is_sent_and_the_run_says_what_came_of_it(
    product: Product, admin: Actor, scope: SendScope, expected: int
) -> None:
    learn_quietly(product, people(product), "Dr.")
    run = ask(product, admin, scope)
    product.send()
    run = again(run)
    assert (run.state, run.passed, run.looked, run.differing) == ("done", 3, expected, expected)
    assert (run.written, run.refused, run.left, run.waiting) == (expected, 0, 0, 0)
    assert (run.total, run.started_at is None, run.finished_at is None) == (3, False, False)
    log = queries.list_writes(product.connection, queries.WriteFilters(run_id=run.pk))
    assert log.count() == expected
    named = [one for one in people(product) if product.there(one).name == "Dr."]
    assert len(named) == expected


def test_a_segment_is_sent_by_itself(product: Product, admin: Actor) -> None:
    learn_quietly(product, people(product), "Dr.")
    first = product.segment("First")
    product.enter(first, people(product)[0])
    OutboundMark.objects.for_org(product.org_id).delete()
    run = ask(product, admin, SendScope.SEGMENT, first.pk)
    product.send()
    run = again(run)
    assert (run.title, run.looked, run.written) == ("Send of “First”", 1, 1)
    with pytest.raises(NotFound):
        ask(product, admin, SendScope.SEGMENT, 10**9)


def test_companies_are_sent_by_themselves(product: Product, admin: Actor) -> None:
    with pytest.raises(Conflict, match="companies"):
        ask(product, admin, SendScope.COMPANIES)
    org_id = product.org_id
    segment = Segment.objects.for_org(org_id).create(
        org_id=org_id, kind="company", name="Firms", rule={"all": []}
    )
    firm = Company.objects.for_org(org_id).filter(deleted_at=None).first()
    assert firm is not None
    CompanyMembership.objects.for_org(org_id).create(
        org_id=org_id, segment=segment, company=firm, entered_at=product.present.now()
    )
    OutboundSettings.objects.for_org(org_id).update(company_segments=[segment.pk])
    run = ask(product, admin, SendScope.COMPANIES)
    product.send()
    run = again(run)
    assert (run.state, run.total, run.looked, run.differing) == ("done", 1, 1, 0)


def test_a_run_of_nobody_who_differs_ends_at_once(product: Product, admin: Actor) -> None:
    run = ask(product, admin, SendScope.EVERYBODY)
    product.send()
    run = again(run)
    assert (run.state, run.looked, run.differing, run.written) == ("done", 3, 0, 0)
    assert product.writes() == []
    assert queries.connections_with_work(now=product.present.now()) == []


def test_asking_twice_before_it_sends_is_one_run(product: Product, admin: Actor) -> None:
    first = ask(product, admin, SendScope.USERS)
    assert ask(product, admin, SendScope.USERS) == first
    assert ask(product, admin, SendScope.LEADS) != first
    product.send()
    assert ask(product, admin, SendScope.USERS) != first


def test_what_changed_by_itself_is_sent_although_the_run_is_about_others(
    product: Product, admin: Actor
) -> None:
    *_, lead = people(product)
    run = ask(product, admin, SendScope.USERS)
    product.learn(lead, title="Dr.")
    product.send()
    assert product.there(lead).name == "Dr."
    assert (again(run).looked, again(run).differing) == (2, 0)


def test_a_run_of_many_waits_for_a_word(product: Product, admin: Actor) -> None:
    OutboundSettings.objects.for_org(product.org_id).update(confirm_above=1)
    learn_quietly(product, people(product), "Dr.")
    run = ask(product, admin, SendScope.EVERYBODY)
    product.send()
    assert (again(run).state, again(run).waiting, product.writes()) == ("held", 3, [])
    actions.confirm(admin, product.connection.pk, now=product.present.now())
    assert again(run).state == "sending"
    product.send()
    assert (again(run).state, again(run).written) == ("done", 3)


def test_a_run_that_is_dropped_says_so(product: Product, admin: Actor) -> None:
    OutboundSettings.objects.for_org(product.org_id).update(confirm_above=1)
    learn_quietly(product, people(product), "Dr.")
    run = ask(product, admin, SendScope.EVERYBODY)
    product.send()
    assert actions.discard(admin, product.connection.pk, now=product.present.now()) == 3
    run = again(run)
    assert (run.state, run.left, run.reason) == ("stopped", 3, "Dropped before it was sent.")
    product.send()
    assert product.writes() == []


def planned(product: Product) -> None:
    planning.plan(product.connection, now=product.present.now())


def test_stopping_sends_nobody_more_but_what_changed_by_itself(
    product: Product, admin: Actor
) -> None:
    ann, ben, lead = people(product)
    learn_quietly(product, [ann, ben, lead], "Dr.")
    run = ask(product, admin, SendScope.EVERYBODY)
    planned(product)
    marks.mark(product.org_id, [ben.pk])
    planned(product)
    stopped = actions.stop_send(admin, product.connection.pk, run.pk, now=product.present.now())
    assert (stopped.state, stopped.left) == ("stopped", 3)
    product.send()
    assert [product.there(one).name == "Dr." for one in (ann, ben, lead)] == [False, True, False]
    assert again(run).written == 0
    with pytest.raises(Conflict, match="ended"):
        actions.stop_send(admin, product.connection.pk, run.pk, now=product.present.now())


def test_who_dies_while_comparing_leaves_the_rest_to_the_next(
    product: Product, admin: Actor
) -> None:
    learn_quietly(product, people(product), "Dr.")
    run = ask(product, admin, SendScope.EVERYBODY)
    settings = settings_of(product.connection)
    send_runs.begin_next(product.connection, settings, now=product.present.now())
    assert again(run).state == "looking"
    assert queries.connections_with_work(now=product.present.now()) == [product.connection.pk]
    product.send()
    assert (again(run).state, again(run).total, again(run).written) == ("done", 3, 3)


def test_who_dies_after_the_last_write_leaves_a_run_that_is_found_and_ended(
    product: Product, admin: Actor
) -> None:
    run = ask(product, admin, SendScope.EVERYBODY)
    planned(product)
    assert again(run).state == "sending"
    assert queries.connections_with_work(now=product.present.now()) == [product.connection.pk]
    product.send()
    assert again(run).state == "done"


def test_a_run_of_a_connection_that_may_not_write_any_more_ends(
    product: Product, admin: Actor
) -> None:
    learn_quietly(product, people(product), "Dr.")
    run = ask(product, admin, SendScope.EVERYBODY)
    planned(product)
    send_runs.end_unable(now=product.present.now())
    assert again(run).is_open
    Connection.objects.for_org(product.org_id).update(mode="read_only")
    send_runs.end_unable(now=product.present.now())
    run = again(run)
    assert (run.state, run.left, run.reason) == ("stopped", 3, send_runs.UNABLE)
    assert OutboundTask.objects.for_org(product.org_id).count() == 0


def test_a_later_run_takes_over_what_an_earlier_one_left(product: Product, admin: Actor) -> None:
    learn_quietly(product, people(product), "Dr.")
    first = ask(product, admin, SendScope.EVERYBODY)
    planned(product)
    second = ask(product, admin, SendScope.USERS)
    product.send()
    first, second = again(first), again(second)
    assert (first.state, first.written, first.left) == ("done", 1, 2)
    assert (second.state, second.written) == ("done", 2)


def test_members_neither_send_nor_stop(product: Product, admin: Actor) -> None:
    member = Actor(user=None, org_id=product.org_id, role=Role.MEMBER, via="session")
    with pytest.raises(Forbidden):
        ask(product, member, SendScope.USERS)
    run = ask(product, admin, SendScope.USERS)
    with pytest.raises(Forbidden):
        actions.stop_send(member, product.connection.pk, run.pk, now=product.present.now())
