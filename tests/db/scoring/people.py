"""Organizations, customers and conversations to score, stored directly."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from pulsescore.accounts.models import Organization
from pulsescore.scoring.actions import rescore
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    Participant,
    Source,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def add_org(name: str = "Acme") -> int:
    org = Organization.objects.create(name=name)
    Source.objects.for_org(org.pk).create(org_id=org.pk, kind="intercom")
    return org.pk


def source_of(org_id: int) -> Source:
    return Source.objects.for_org(org_id).get()


def add_customer(org_id: int, **fields: Any) -> Customer:
    fields.setdefault("external_id", f"contact-{next(_numbers)}")
    fields.setdefault("contact_role", "user")
    return Customer.objects.for_org(org_id).create(
        org_id=org_id, source=source_of(org_id), observed_at=NOW, **fields
    )


def add_conversation(
    *customers: Customer, created: float, updated: float, status: str = "open", **fields: Any
) -> Conversation:
    org_id = customers[0].org_id
    fields.setdefault("external_id", f"conversation-{next(_numbers)}")
    conversation = Conversation.objects.for_org(org_id).create(
        org_id=org_id,
        source=source_of(org_id),
        observed_at=NOW,
        opened_at=ago(created),
        remote_updated_at=ago(updated),
        status=status,
        **fields,
    )
    Participant.objects.for_org(org_id).bulk_create(
        Participant(org_id=org_id, conversation=conversation, customer=customer)
        for customer in customers
    )
    return conversation


def add_example_b(org_id: int) -> Customer:
    """Worked example B of the scoring rules: 21, critical."""
    customer = add_customer(org_id, last_seen_at=ago(30), last_replied_at=ago(40))
    for created in (9, 8, 7, 6.5):
        add_conversation(customer, created=created, updated=6)
    for created, updated, reopened in ((25, 20, 2), (24, 19, 1)):
        add_conversation(
            customer,
            created=created,
            updated=updated,
            status="closed",
            closed_at=ago(updated),
            time_to_resolution_secs=72 * 3600,
            reopen_count=reopened,
        )
    return customer


def add_example_f(org_id: int) -> Customer:
    """Worked example F of the scoring rules: 91, healthy."""
    customer = add_customer(org_id, last_seen_at=ago(2), last_replied_at=ago(1.5))
    add_conversation(customer, created=2, updated=1.5)
    return customer


def add_company(org_id: int, *members: Customer, **fields: Any) -> Company:
    fields.setdefault("external_id", f"company-{next(_numbers)}")
    company = Company.objects.for_org(org_id).create(
        org_id=org_id, source=source_of(org_id), observed_at=NOW, **fields
    )
    CompanyMember.objects.for_org(org_id).bulk_create(
        CompanyMember(org_id=org_id, company=company, customer=member) for member in members
    )
    return company


def add_fallen(org_id: int, **fields: Any) -> Customer:
    """Healthy eight days ago, critical now, over tickets that were reopened."""
    customer = add_customer(org_id, last_seen_at=ago(8), last_replied_at=ago(8.5), **fields)
    talk = add_conversation(
        customer, created=9, updated=9, status="closed", closed_at=ago(8.9), reopen_count=0
    )
    rescore(org_id=org_id, customer_ids=[customer.pk], now=ago(8))
    Conversation.objects.for_org(org_id).filter(pk=talk.pk).update(
        remote_updated_at=ago(8), reopen_count=9
    )
    for _ in range(2):
        add_conversation(customer, created=7, updated=7)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW)
    return customer
