"""What the workspace says, read plainly over HTTP; and what we stored, in the same words."""

import json
import urllib.request
from typing import Any

from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    HeldRecord,
    Participant,
)

Told = dict[str, Any]


def ask(sim: Running, path: str) -> Told:
    request = urllib.request.Request(
        sim.url + path,
        headers={"Authorization": f"Bearer {sim.token}", "Intercom-Version": "2.16"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: Told = json.load(answer)
    return found


def everything(sim: Running, path: str, name: str) -> list[Told]:
    found, cursor = [], ""
    while True:
        page = ask(sim, f"{path}?per_page=150{cursor}")
        found += page[name]
        following = (page["pages"].get("next") or {}).get("starting_after")
        if not following:
            return found
        cursor = f"&starting_after={following}"


def contacts(sim: Running) -> list[Told]:
    return everything(sim, "/contacts", "data")


def with_address(sim: Running) -> set[str]:
    return {one["id"] for one in contacts(sim) if one["email"]}


def conversations(sim: Running, *, updated_since: int) -> list[Told]:
    found = everything(sim, "/conversations", "conversations")
    return [one for one in found if one["updated_at"] >= updated_since]


def tag_names(sim: Running, contact_id: str) -> list[str]:
    return sorted(tag["name"] for tag in ask(sim, f"/contacts/{contact_id}/tags")["data"])


def customers(connection: Connection) -> dict[str, Customer]:
    rows = Customer.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id, deleted_at=None
    )
    return {row.external_id: row for row in rows}


def stored_conversations(connection: Connection) -> dict[str, Conversation]:
    rows = Conversation.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id, deleted_at=None
    )
    return {row.external_id: row for row in rows}


def companies(connection: Connection) -> dict[str, Company]:
    rows = Company.objects.for_org(connection.org_id).filter(deleted_at=None)
    return {row.external_id: row for row in rows}


def people_of(connection: Connection, conversation: Conversation) -> set[str]:
    rows = Participant.objects.for_org(connection.org_id).filter(conversation=conversation)
    return set(rows.values_list("customer__external_id", flat=True))


def companies_of(connection: Connection, customer: Customer) -> set[str]:
    rows = CompanyMember.objects.for_org(connection.org_id).filter(customer=customer)
    return set(rows.values_list("company__external_id", flat=True))


def held(connection: Connection, kind: str, reason: str) -> set[str]:
    rows = HeldRecord.objects.for_org(connection.org_id).filter(kind=kind, reason=reason)
    return set(rows.values_list("external_id", flat=True))


def snapshot(connection: Connection) -> dict[str, Any]:
    """Everything stored, without the columns that say when it was stored."""
    passing = ("id", "created_at", "updated_at", "observed_at", "source_id", "org_id")
    found: dict[str, Any] = {}
    for model in (Customer, Company, Conversation):
        names = [
            field.attname for field in model._meta.concrete_fields if field.attname not in passing
        ]
        rows = model.objects.for_org(connection.org_id).order_by("external_id")
        found[model.__name__] = list(rows.values(*names))
    links = Participant.objects.for_org(connection.org_id)
    found["people"] = sorted(
        links.values_list("conversation__external_id", "customer__external_id")
    )
    members = CompanyMember.objects.for_org(connection.org_id)
    found["members"] = sorted(members.values_list("company__external_id", "customer__external_id"))
    waiting = HeldRecord.objects.for_org(connection.org_id)
    found["held"] = sorted(waiting.values_list("kind", "external_id", "reason"))
    return found
