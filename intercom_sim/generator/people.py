"""Makes up the people of a workspace and the companies they work for."""

import random
import unicodedata

from intercom_sim.generator import names
from intercom_sim.generator.profiles import Profile
from intercom_sim.model import Applied, Company, Contact, Device, Location, Role
from intercom_sim.workspace import Workspace

DAY = 86_400
PLACES = tuple(
    Location(country, code, region, city, c) for country, code, region, city, c in names.PLACES
)
DEVICES = tuple(Device(*one) for one in names.DEVICES)


def ascii_name(name: str) -> str:
    """A name as people put it into an e-mail address; empty for scripts without Latin letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(one for one in plain.lower() if one.isalnum())


def make_company(workspace: Workspace, *, rng: random.Random, number: int, now: int) -> Company:
    """The company of that number; its name is unique, its key is the customer's own."""
    first = names.COMPANY_FIRST[number % len(names.COMPANY_FIRST)]
    second = names.COMPANY_SECOND[
        (number // len(names.COMPANY_FIRST) + number) % len(names.COMPANY_SECOND)
    ]
    cycle = number // (len(names.COMPANY_FIRST) * len(names.COMPANY_SECOND))
    name = f"{first} {second}" + (f" {cycle + 1}" if cycle else "")
    created_at = now - int(rng.uniform(60, 900) * DAY)
    size = rng.choice((3, 8, 15, 40, 120, 600))
    return Company(
        workspace.ids.hex24(),
        f"account-{number + 1001}",
        created_at,
        min(now, created_at + int(rng.uniform(0, 60) * DAY)),
        name=name,
        plan=rng.choice(names.PLANS) if rng.random() < 0.8 else None,
        remote_created_at=created_at - DAY,
        size=size,
        website=f"https://{ascii_name(name)}.example",
        industry=rng.choice(names.INDUSTRIES),
        monthly_spend=rng.choice((0, 49, 249, 990, 2400)),
        session_count=rng.randrange(900),
        custom_attributes={
            "account_tier": rng.choice(("bronze", "silver", "gold")),
            "contract_signed": rng.random() < 0.7,
            "renewal_at": now + int(rng.uniform(-30, 330) * DAY),
        },
    )


def make_contact(
    workspace: Workspace, *, rng: random.Random, number: int, profile: Profile, now: int
) -> Contact:
    """A person of that profile, without company and conversations yet."""
    name = f"{rng.choice(names.FIRST)} {rng.choice(names.LAST)}"
    newcomer = profile.name == "newcomer"
    created_at = now - int(rng.uniform(*((1, 12) if newcomer else (40, 900))) * DAY)
    role: Role = "lead" if rng.random() < 0.12 else "user"
    seen = (
        None
        if rng.random() < profile.never_seen
        else now - int(rng.uniform(*profile.seen_days) * DAY)
    )
    contact = Contact(
        workspace.ids.hex24(),
        role,
        created_at,
        created_at,
        external_id=workspace.ids.uuid() if role == "lead" else f"u-{number + 10001}",
        name=name,
        phone=f"+1555{number % 10_000_000:07d}" if rng.random() < 0.3 else None,
        owner_id=rng.choice(list(workspace.admins)[:-1]) if rng.random() < 0.6 else None,
        signed_up_at=created_at if role == "user" else None,
        last_seen_at=None if seen is None else max(seen, created_at),
        unsubscribed_from_emails=rng.random() < 0.05,
        has_hard_bounced=rng.random() < 0.01,
        marked_email_as_spam=rng.random() < 0.005,
        device=rng.choice(DEVICES) if seen else None,
        location=rng.choice(PLACES) if rng.random() < 0.8 else None,
    )
    _describe(contact, rng=rng, now=now)
    _tag(contact, workspace, rng=rng)
    return contact


def give_email(contact: Contact, *, domain: str, number: int) -> None:
    """An address at a domain, unique by the person's number."""
    words = (contact.name or "").split()
    handle = ".".join(part for part in (ascii_name(word) for word in words) if part) or "person"
    contact.email = f"{handle}.{number + 1}@{domain}"


def _describe(contact: Contact, *, rng: random.Random, now: int) -> None:
    attributes = contact.custom_attributes
    attributes["job_title"] = rng.choice(names.TITLES)
    if contact.role == "lead":
        return
    attributes["plan"] = rng.choice(names.PLANS)
    attributes["seats"] = rng.choice((1, 2, 5, 10, 25))
    attributes["monthly_value"] = round(rng.uniform(9, 900), 2)
    attributes["onboarded"] = rng.random() < 0.85
    attributes["renewal_at"] = now + int(rng.uniform(-20, 340) * DAY)
    if rng.random() < 0.15:
        attributes["trial_ends_at"] = contact.created_at + 14 * DAY


def _tag(contact: Contact, workspace: Workspace, *, rng: random.Random) -> None:
    dice = rng.random()
    count = 0 if dice < 0.45 else rng.randrange(1, 4) if dice < 0.99 else rng.randrange(11, 16)
    available = list(workspace.tags)[: len(names.TAGS)]
    by = next(iter(workspace.admins))
    at = contact.created_at + DAY // 4
    contact.tags = {one: Applied(at, by) for one in rng.sample(available, count)}
