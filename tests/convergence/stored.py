"""What we stored of a workspace, in the words of `facts`."""

from datetime import datetime
from typing import Any

from pulsescore.connectors.intercom.models import Connection
from pulsescore.scoring.models import HealthScore
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    Participant,
    SourceSegmentMember,
)
from tests.convergence.facts import TIMELESS, Facts, World


def stored_of(connection: Connection) -> World:
    """Everything that counts as living; conversations only where somebody who lives is in them."""
    org = connection.org_id
    customers = Customer.objects.for_org(org).filter(deleted_at=None)
    names = dict(customers.values_list("pk", "external_id"))
    talks = Conversation.objects.for_org(org).filter(deleted_at=None)
    talk_names = dict(talks.values_list("pk", "external_id"))
    firms = Company.objects.for_org(org).filter(deleted_at=None)
    firm_names = dict(firms.values_list("pk", "external_id"))
    people = {
        (talk_names[talk], names[one])
        for talk, one in Participant.objects.for_org(org).values_list(
            "conversation_id", "customer_id"
        )
        if talk in talk_names and one in names
    }
    inhabited = {talk for talk, _ in people}
    return World(
        customers={one.external_id: _customer(one) for one in customers},
        companies={one.external_id: _company(one) for one in firms},
        conversations={
            one.external_id: _conversation(one) for one in talks if one.external_id in inhabited
        },
        people=people,
        firms={
            (firm_names[firm], names[one])
            for firm, one in CompanyMember.objects.for_org(org).values_list(
                "company_id", "customer_id"
            )
            if firm in firm_names and one in names
        },
        segments={
            (segment, names[one])
            for segment, one in SourceSegmentMember.objects.for_org(org)
            .filter(segment__name__in=TIMELESS)
            .values_list("segment__name", "customer_id")
            if one in names
        },
        scores={
            names[one]: (score, level)
            for one, score, level in HealthScore.objects.for_org(org).values_list(
                "customer_id", "score", "risk_level"
            )
            if one in names
        },
    )


def _customer(one: Customer) -> Facts:
    return {
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "role": one.contact_role,
        "own_id": one.external_user_id,
        "unsubscribed": one.unsubscribed_from_emails,
        "first_seen_at": _secs(one.first_seen_at),
        "signed_up_at": _secs(one.signed_up_at),
        "last_seen_at": _secs(one.last_seen_at),
        "last_replied_at": _secs(one.last_replied_at),
        "last_contacted_at": _secs(one.last_contacted_at),
        "updated_at": _secs(one.remote_updated_at),
        "tags": one.tags,
        "companies": sorted(one.company_external_ids),
        "attributes": one.metadata,
    }


def _company(one: Company) -> Facts:
    return {
        "key": one.company_key,
        "name": one.name,
        "plan": one.plan,
        "size": one.size,
        "monthly_spend": one.monthly_spend,
        "updated_at": _secs(one.remote_updated_at),
        "tags": one.tags,
    }


def _conversation(one: Conversation) -> Facts:
    return {
        "status": one.status,
        "subject": one.subject,
        "opened_at": _secs(one.opened_at),
        "updated_at": _secs(one.remote_updated_at),
        "closed_at": _secs(one.closed_at),
        "waiting_since": _secs(one.waiting_since),
        "snoozed_until": _secs(one.snoozed_until),
        "last_admin_reply_at": _secs(one.last_admin_reply_at),
        "last_contact_reply_at": _secs(one.last_contact_reply_at),
        "first_response_secs": one.time_to_first_response_secs,
        "resolution_secs": one.time_to_resolution_secs,
        "reopens": one.reopen_count,
        "assignments": one.assignment_count,
        "assignee": one.assignee_external_id,
        "team": one.team_external_id,
        "priority": one.priority,
        "rating": one.rating,
        "remark": one.rating_remark,
        "tags": one.tags,
        "contacts": sorted(one.contact_external_ids),
    }


def _secs(at: datetime | None) -> Any:
    return None if at is None else int(at.timestamp())
