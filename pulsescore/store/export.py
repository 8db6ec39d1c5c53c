"""Everything the store keeps about one person, as plain values, for the person to have."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from pulsescore.store import identity, person_statements, queries, statements
from pulsescore.store.batch import Batch
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    Identity,
    Note,
    Participant,
    SourceSegment,
    SourceSegmentMember,
    TimelineEvent,
)

# How we keep rows apart and up to date says nothing about the person.
_INTERNAL = frozenset(
    {"org_id", "source_id", "content_hash", "field_versions", "confirmed_at", "observed_at"}
    | {"unknown_companies", "unknown_contacts", "dedupe_key", "customer_id", "stats_version_at"}
    | {"stats_reopens", "stats_assignments", "contact_external_ids", "merged_into_id"}
    | {"fingerprint"}
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person's rows by kind, and the names by which the source knows them and their talks.

    `own_conversations` are those in which nobody else takes part.
    """

    source_id: int
    contacts: frozenset[str]
    own_conversations: frozenset[str]
    rows: dict[str, Any]


def gather(org_id: int, customer_id: int) -> Person:
    """Everything about a customer and the contacts merged into them. Raises `NotFound`."""
    customer = queries.get_customer(org_id, customer_id)
    batch = Batch(org_id=org_id, source_id=customer.source_id, now=customer.observed_at)
    params = {**batch.scope, "customer_id": customer_id}
    people = dict(statements.fetch(person_statements.SAME_PERSON, params))
    alone = statements.fetch(
        person_statements.CONVERSATIONS_OF_NOBODY_ELSE, {**params, "ids": list(people)}
    )
    return Person(
        source_id=customer.source_id,
        contacts=frozenset({*people.values(), *identity.aliases_of(batch, people.values())}),
        own_conversations=frozenset(name for _id, name in alone),
        rows=_rows(org_id, list(people)),
    )


def _rows(org_id: int, ids: list[int]) -> dict[str, Any]:
    members = CompanyMember.objects.for_org(org_id).filter(customer_id__in=ids)
    talks = Participant.objects.for_org(org_id).filter(customer_id__in=ids)
    groups = SourceSegmentMember.objects.for_org(org_id).filter(customer_id__in=ids)
    return {
        "contacts": _plain(Customer.objects.for_org(org_id).filter(id__in=ids)),
        "companies": _plain(
            Company.objects.for_org(org_id).filter(id__in=members.values("company_id"))
        ),
        "conversations": _plain(
            Conversation.objects.for_org(org_id).filter(id__in=talks.values("conversation_id"))
        ),
        "timeline": _plain(TimelineEvent.objects.for_org(org_id).filter(customer_id__in=ids)),
        "source_segments": _plain(
            SourceSegment.objects.for_org(org_id).filter(id__in=groups.values("segment_id"))
        ),
        "identities": _plain(Identity.objects.for_org(org_id).filter(customer_id__in=ids)),
        "notes": _plain(Note.objects.for_org(org_id).filter(customer_id__in=ids)),
    }


def _plain(found: QuerySet[Any, Any]) -> list[dict[str, Any]]:
    model: type[Model] = found.model
    names = [field.attname for field in model._meta.concrete_fields]
    return list(found.order_by("pk").values(*(name for name in names if name not in _INTERNAL)))
