"""Whom ingestion alone knows, leads, companies, events; and what happens when a process dies."""

from datetime import timedelta

import pytest

from intercom_sim.actions import contacts
from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import actions, events_out, marks
from pulsescore.connectors.intercom.outbound.models import (
    OutboundMark,
    OutboundTask,
    OutgoingEvent,
    WriteRecord,
)
from pulsescore.connectors.intercom.outbound.run_models import SendScope
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.store import identities, write
from pulsescore.store.models import Company, CompanyMember, Customer
from pulsescore.store.records import CompanyRecord, CustomerRecord, EventRecord, MergeRecord
from tests.db.intercom.conftest import Present, Sync
from tests.db.intercom.outbound_kit import Product


@pytest.fixture
def size() -> Size:
    return Size(6)


@pytest.fixture
def product(sim: Running, sync: Sync, connection: Connection, present: Present) -> Product:
    sync("full")
    sim.simulator.log.clear()
    return Product(connection, sim, present)


def ingested(product: Product, email: str, *, company: str | None = None) -> Customer:
    """Somebody whom only ingested calls know, perhaps with a company."""
    source, now = identities.ingest_source(product.org_id), product.present.now()
    records: list[CustomerRecord | CompanyRecord] = []
    if company is not None:
        records.append(
            CompanyRecord(
                external_id=company,
                version=now,
                observed_at=now,
                company_key=company,
                name=company.title(),
            )
        )
    records.append(
        CustomerRecord(
            external_id=f"own-{email}",
            version=now,
            observed_at=now,
            contact_role="user",
            external_user_id=f"own-{email}",
            email=email,
            name="Zoe",
            companies=[company] if company else [],
        )
    )
    write.apply(org_id=product.org_id, source_id=source.pk, records=records, now=now)
    rows = Customer.objects.for_org(product.org_id)
    return rows.get(source=source, external_id=f"own-{email}")


def happen(product: Product, customer: Customer, name: str, *keys: str) -> None:
    """Something that our own product told, all within one second."""
    now = product.present.now()
    records = [
        EventRecord(
            dedupe_key=key,
            name=name,
            source="ingest",
            occurred_at=now + timedelta(milliseconds=place),
            contacts=[customer.external_id],
            properties={"amount": 12, "plan": {"name": "pro"}},
        )
        for place, key in enumerate(keys)
    ]
    source_id = customer.source_id
    write.apply(org_id=product.org_id, source_id=source_id, records=records, now=now)
    marks.mark(product.org_id, [customer.pk])


def test_somebody_new_is_made_in_intercom_and_both_rows_become_one(product: Product) -> None:
    zoe = ingested(product, "zoe@example.com")
    segment = product.segment("Champions", [zoe])
    product.go_two_way(user_segments=[segment.pk])
    marks.mark(product.org_id, [zoe.pk])
    product.send()
    made = [one for one in product.workspace.contacts.values() if one.email == "zoe@example.com"]
    assert [(one.role, one.external_id) for one in made] == [("user", "own-zoe@example.com")]
    zoe.refresh_from_db()
    assert zoe.merged_into is not None
    assert zoe.merged_into.external_id == made[0].id
    assert not OutboundTask.objects.for_org(product.org_id).exists()


def test_who_exists_already_is_adopted_not_made_again(product: Product) -> None:
    """As after a crash: the contact was made, and nobody noted it."""
    there = product.sim.call(
        lambda: contacts.create_contact(
            product.workspace, email="zoe@example.com", external_id="own-zoe@example.com"
        )
    )
    zoe = ingested(product, "zoe@example.com")
    segment = product.segment("Champions", [zoe])
    product.go_two_way(user_segments=[segment.pk])
    marks.mark(product.org_id, [zoe.pk])
    product.send()
    emails = [one.email for one in product.workspace.contacts.values()]
    assert emails.count("zoe@example.com") == 1
    zoe.refresh_from_db()
    assert zoe.merged_into is not None
    assert zoe.merged_into.external_id == there.id
    assert "POST" in {method for method, path in product.writes() if path == "/contacts"}


def test_who_is_in_both_lists_goes_as_a_lead(product: Product) -> None:
    zoe = ingested(product, "zoe@example.com")
    segment = product.segment("Champions", [zoe])
    product.go_two_way(user_segments=[segment.pk], lead_segments=[segment.pk], tag_segments=False)
    marks.mark(product.org_id, [zoe.pk])
    product.send()
    made = [one for one in product.workspace.contacts.values() if one.email == "zoe@example.com"]
    assert [one.role for one in made] == ["lead"]


def test_a_lead_whose_making_was_not_answered_is_not_made_again(product: Product) -> None:
    """Unlike a user, whom Intercom would refuse."""
    there = product.sim.call(
        lambda: contacts.create_contact(product.workspace, role="lead", email="zoe@example.com")
    )
    zoe = ingested(product, "zoe@example.com")
    product.go_two_way(lead_segments=[product.segment("Prospects", [zoe]).pk], tag_segments=False)
    marks.mark(product.org_id, [zoe.pk])
    product.send()
    emails = [one.email for one in product.workspace.contacts.values()]
    assert emails.count("zoe@example.com") == 1
    zoe.refresh_from_db()
    assert zoe.merged_into is not None
    assert zoe.merged_into.external_id == there.id


def new_lead(product: Product, email: str) -> Customer:
    """A lead of the workspace that is known here, too."""
    lead = product.sim.call(
        lambda: contacts.create_contact(product.workspace, role="lead", email=email)
    )
    now = product.present.now()
    record = CustomerRecord(
        external_id=lead.id, version=now, observed_at=now, contact_role="lead", email=email
    )
    source_id = product.connection.source_id
    write.apply(org_id=product.org_id, source_id=source_id, records=[record], now=now)
    return product.customer(lead.id)


@pytest.mark.parametrize(("convert", "role"), [(True, "user"), (False, "lead")])
def test_a_lead_becomes_a_user_where_that_is_chosen(
    product: Product, *, convert: bool, role: str
) -> None:
    lead = new_lead(product, "lena@example.com")
    product.go_two_way(
        user_segments=[product.segment("Champions", [lead]).pk],
        tag_segments=False,
        convert_leads=convert,
    )
    marks.mark(product.org_id, [lead.pk])
    product.send()
    assert product.there(lead).role == role
    lead.refresh_from_db()
    assert lead.contact_role == role


def test_a_lead_who_is_a_user_already_is_merged_into_that_user(product: Product) -> None:
    ann = product.customers()[0]
    lead = new_lead(product, ann.email or "")
    product.go_two_way(
        user_segments=[product.segment("Champions", [lead]).pk],
        tag_segments=False,
        convert_leads=True,
    )
    marks.mark(product.org_id, [lead.pk])
    product.send()
    assert product.there(lead).merged_into == ann.external_id
    lead.refresh_from_db()
    assert lead.merged_into_id == ann.pk
    kinds = WriteRecord.objects.for_org(product.org_id).values_list("kind", flat=True)
    assert list(kinds) == ["contact.merge"]


def test_somebody_archived_in_intercom_is_left_alone_unless_chosen(product: Product) -> None:
    ann = product.customers()[0]
    product.sim.call(lambda: contacts.archive(product.workspace, ann.external_id))
    Customer.objects.for_org(product.org_id).filter(pk=ann.pk).update(
        deleted_at=product.present.now(), deleted_reason="archived"
    )
    settings = product.go_two_way(user_segments=[product.segment("Champions", [ann]).pk])
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert product.there(ann).archived
    settings.resend_archived = True
    settings.save()
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert not product.there(ann).archived


def test_a_contact_that_is_gone_is_noted_and_not_sent_again(product: Product) -> None:
    ann = product.customers()[0]
    product.sim.call(lambda: contacts.delete_contact(product.workspace, ann.external_id))
    product.go_two_way(user_segments=[product.segment("Champions", [ann]).pk])
    marks.mark(product.org_id, [ann.pk])
    product.send()
    ann.refresh_from_db()
    assert ann.deleted_at is not None
    product.forget_writes()
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert product.writes() == []


def test_companies_are_made_once_and_linked(product: Product) -> None:
    people = [ingested(product, f"{name}@acme.test", company="acme") for name in ("zoe", "yan")]
    assert CompanyMember.objects.for_org(product.org_id).filter(customer=people[0]).exists()
    segment = product.segment("Champions", people)
    product.go_two_way(user_segments=[segment.pk], tag_segments=False, link_companies=True)
    marks.mark(product.org_id, [one.pk for one in people])
    product.send()
    made = [one for one in product.workspace.companies.values() if one.company_id == "acme"]
    assert [one.name for one in made] == ["Acme"]
    rows = Company.objects.for_org(product.org_id)
    assert rows.filter(source_id=product.connection.source_id, company_key="acme").exists()
    linked = [one for one in product.workspace.contacts.values() if made[0].id in one.company_ids]
    assert len(linked) == 2


def test_a_company_made_on_the_way_is_logged_with_the_run_that_asked(
    product: Product, admin: Actor
) -> None:
    zoe = ingested(product, "zoe@acme.test", company="acme")
    segment = product.segment("Champions", [zoe])
    product.go_two_way(user_segments=[segment.pk], tag_segments=False, link_companies=True)
    OutboundMark.objects.for_org(product.org_id).delete()
    now = product.present.now()
    run = actions.request_send(admin, product.connection.pk, scope=SendScope.USERS, now=now)
    product.send()
    log = WriteRecord.objects.for_org(product.org_id)
    assert log.filter(run=run, kind="company.create").count() == 1
    assert not log.exclude(run=run).exists()


def test_events_are_sent_once_each_in_a_second_of_its_own(product: Product) -> None:
    ann = product.customers()[0]
    product.go_two_way(
        user_segments=[product.segment("Champions", [ann]).pk],
        tag_segments=False,
        events=["Paid"],
        events_since=product.present.now() - timedelta(days=1),
    )
    happen(product, ann, "Paid", "one", "two")
    happen(product, ann, "Looked", "three")
    product.send()
    told = product.workspace.events.get(ann.external_id, [])
    paid = [one for one in told if one.name == "Paid"]
    assert len(paid) == 2
    assert len({one.created_at for one in paid}) == 2
    assert paid[0].metadata == {"amount": 12, "plan": '{"name": "pro"}'}
    assert not [one for one in told if one.name == "Looked"]


def test_events_that_a_merge_brings_together_keep_apart(product: Product) -> None:
    ann, ben = product.customers()[:2]
    product.go_two_way(
        user_segments=[product.segment("Champions", [ann, ben]).pk],
        tag_segments=False,
        events=["Paid"],
        events_since=product.present.now() - timedelta(days=1),
    )
    happen(product, ann, "Paid", "one")
    happen(product, ben, "Paid", "two")
    events_out.note_new_events(
        product.connection, settings_of(product.connection), [ann.pk, ben.pk]
    )
    merge = MergeRecord(source=ben.external_id, target=ann.external_id, at=product.present.now())
    source_id, now = ann.source_id, product.present.now()
    write.apply(org_id=product.org_id, source_id=source_id, records=[merge], now=now)
    product.send()
    told = product.workspace.events[ann.external_id]
    seconds = sorted(one.created_at for one in told)
    assert [second - seconds[0] for second in seconds] == [0, 1]
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert len(product.workspace.events[ann.external_id]) == 2


def test_an_event_whose_answer_was_lost_is_told_under_the_same_second(product: Product) -> None:
    ann = product.customers()[0]
    product.go_two_way(
        user_segments=[product.segment("Champions", [ann]).pk],
        tag_segments=False,
        events=["*"],
        events_since=product.present.now() - timedelta(days=1),
    )
    happen(product, ann, "Paid", "one")
    product.send()
    OutgoingEvent.objects.for_org(product.org_id).update(state="waiting", sent_at=None)
    product.present.pass_secs(60)
    marks.mark(product.org_id, [ann.pk])
    product.send()
    told = [one for one in product.workspace.events[ann.external_id] if one.name == "Paid"]
    assert len(told) == 1
    assert len([path for _, path in product.writes() if path == "/events"]) == 2


def test_what_is_not_permitted_is_shown_and_the_rest_goes_on(product: Product) -> None:
    ann = product.customers()[0]
    product.map("title", "name")
    settings = product.go_two_way(user_segments=[product.segment("Champions", [ann]).pk])
    product.learn(ann, title="Dr. Ann")
    product.sim.simulator.faults.denied["/tags"] = 403
    product.send()
    product.sim.simulator.faults.denied.clear()
    assert product.there(ann).name == "Dr. Ann"
    settings.refresh_from_db()
    assert set(settings.troubles) == {"tags"}
    product.present.pass_secs(3_700)
    product.send()
    assert "Champions" in product.tags_there(ann)
    settings.refresh_from_db()
    assert settings.troubles == {}
    assert WriteRecord.objects.for_org(product.org_id).filter(kind="tag.attach").exists()
