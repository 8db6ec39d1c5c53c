"""A customer's attributes: what Intercom tells, what PulseScore adds, what companies have."""

from typing import Any

from pulsescore.scoring.queries import CompanyRow
from pulsescore.web.customers.attributes import Group, group, split_by_origin
from pulsescore.web.customers.shown import Shown
from pulsescore.web.pages import PageRequest
from pulsescore.web.words import level_in_words

_LONGEST_SEARCH = 200


def read(request: PageRequest, shown: Shown) -> dict[str, Any]:
    """Groups of attributes whose name or value holds the search."""
    search = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    known = _groups(shown, search)
    return {
        "q": search,
        "groups": [one for one in known if one.rows],
        "attribute_count": sum(one.total for one in known),
    }


def _groups(shown: Shown, search: str) -> list[Group]:
    person = shown.person
    origins = split_by_origin(person.attributes)
    standard, own = origins.pop("intercom", {}), origins.pop("", {})
    if shown.segments:
        standard["segments"] = shown.segments
    found = [
        group("Intercom", standard, search=search, hint="Standard fields of the contact."),
        group("Intercom, custom", person.metadata, search=search, hint="Your own attributes."),
        group("PulseScore", _of_ours(shown) | own, search=search),
        group("Your product", person.traits, search=search, hint="Told by sources and mappings."),
        *(group(origin.capitalize(), values, search=search) for origin, values in origins.items()),
        *(_company(company, search) for company in shown.companies),
    ]
    return [one for one in found if one]


def _of_ours(shown: Shown) -> dict[str, Any]:
    person, health = shown.person, shown.standing.health
    return {
        "id": str(person.pk),
        "score": health.score,
        "risk level": level_in_words(health.risk_level),
        "score calculated": health.calculated_at,
        "contact id": person.external_id,
        "your id": person.external_user_id,
        "first imported": person.created_at,
        "changed here": person.updated_at,
        "changed in Intercom": person.remote_updated_at,
    }


def _company(company: CompanyRow, search: str) -> Group | None:
    facts: dict[str, Any] = {
        "plan": company.plan,
        "size": company.size,
        "industry": company.industry,
        "website": company.website,
        "monthly spend": None if company.monthly_spend is None else float(company.monthly_spend),
        "tags": company.tags or None,
    }
    named = company.name or "Unnamed company"
    told = {name: value for name, value in facts.items() if value is not None}
    return group(named, told | company.metadata, search=search, hint="Attributes of the company.")
