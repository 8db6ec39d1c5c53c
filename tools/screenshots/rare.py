"""What is rarely met and still has to look right: odd names, thousands of rows, mailed links."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.tokens import default_token_generator
from django.db import connection as database
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from pulsescore.accounts import actions as accounts
from pulsescore.accounts import saved_views
from pulsescore.accounts.links import password_reset_link, verification_link
from pulsescore.accounts.saved_views import ViewDraft
from pulsescore.ingest.actions import create_write_key
from pulsescore.ingest.models import ArrivedBatch, WriteKey
from pulsescore.scoring import actions as scoring
from pulsescore.segments import actions as segments
from pulsescore.segments.models import CompanyMembership, Member
from pulsescore.store import write
from pulsescore.store.models import Company, Customer
from pulsescore.store.records import CompanyRecord, CustomerRecord
from tests import seeding, seeding_team
from tests.seeding import Seeded
from tools.screenshots import people

LONG: Final = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
NAMES: Final = (
    LONG,
    "محمد عبد الرحمن بن عبد العزيز",
    "👩🏽‍🚀 Zoë 🦄🦄🦄",
    "\u202eoverride of direction",
    '<script>alert(1)</script> "><img src=x onerror=alert(1)>',
    "Anna Maria Theresia Elisabeth Charlotte " * 6,
    "",
)
ROWS: Final = 10_000
PAGE: Final = 2_000


class Strange(NamedTuple):
    """Customers with odd names, and a segment and a company of one."""

    customers: tuple[int, ...]
    segment: int
    company: int


def add_strange(*, now: datetime) -> Strange:
    """An organization with names of every kind and more than ten thousand customers."""
    seeded = seeding.seed(people.STRANGE, customers=0, now=now, name=LONG[:80], days=0)
    _write(seeded, [_company(now), *(_odd(n, name, now) for n, name in enumerate(NAMES))], now=now)
    for start in range(0, ROWS, PAGE):
        _write(seeded, [_plain(n, now) for n in range(start, start + PAGE)], now=now)
    # A database that has run for a while knows how many rows it has.
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    scoring.rescore_everybody(org_id=seeded.organization.pk, reason="sync", now=now)
    owner, org_id = seeding_team.owner_of(seeded), seeded.organization.pk
    rule = {"all": [{"field": "name", "op": "contains", "value": LONG}]}
    segment = segments.create_segment(owner, name=LONG[:60], rule=rule, now=now)
    draft = ViewDraft(name=LONG[:60], query="risk=red&tag=" + LONG[:60], columns=(), shared=True)
    saved_views.save_view(owner, draft=draft, now=now)
    people_of_it = Customer.objects.for_org(org_id).filter(external_id__startswith="odd-")
    found = tuple(people_of_it.order_by("external_id").values_list("pk", flat=True))
    _fill(segment.pk, org_id, found, now=now)
    return Strange(found, segment.pk, Company.objects.for_org(org_id).earliest("id").pk)


def add_company_segment(seeded: Seeded, *, now: datetime) -> int:
    """A segment of companies that is full."""
    rule = {"all": [{"field": "size", "op": "gte", "value": 1}]}
    org_id = seeded.organization.pk
    made = segments.create_segment(
        seeding_team.owner_of(seeded), name="Large companies", rule=rule, kind="company", now=now
    )
    for company in Company.objects.for_org(org_id)[:5]:
        CompanyMembership(org_id=org_id, segment=made, company=company, entered_at=now).save()
    type(made).objects.for_org(org_id).filter(pk=made.pk).update(size=5, filled_revision=1)
    return made.pk


def add_write_keys(seeded: Seeded, *, now: datetime) -> int:
    """Two keys, one in use; some requests that were given up."""
    owner, org_id = seeding_team.owner_of(seeded), seeded.organization.pk
    used = create_write_key(owner, name="Website", now=now - timedelta(days=3))
    create_write_key(owner, name=seeding_team.HOSTILE[:60], now=now)
    WriteKey.objects.for_org(org_id).filter(pk=used.pk).update(last_used_at=now)
    ArrivedBatch(org_id=org_id, calls=b"\x90", size=1, received_at=now, error="cut off").save()
    return used.pk


def add_links(*, now: datetime) -> tuple[str, str]:
    """Links as they are mailed: to prove an address, and to choose a new password."""
    user, _organization = accounts.register(
        org_name="Unproved Oy",
        first_name="Uma",
        last_name="Berg",
        email=people.UNPROVED,
        password=seeding.PASSWORD,
        now=now,
    )
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email)
    forgetful, _own = seeding.register("rita@forgetful.example", name="Forgetful", now=now)
    uid = urlsafe_base64_encode(force_bytes(forgetful.pk))
    token = default_token_generator.make_token(forgetful)
    return (
        verification_link("", EmailConfirmationHMAC(address).key),
        password_reset_link("", uid=uid, token=token),
    )


def _fill(segment_id: int, org_id: int, ids: tuple[int, ...], *, now: datetime) -> None:
    Member.objects.for_org(org_id).bulk_create(
        Member(org_id=org_id, segment_id=segment_id, customer_id=one, entered_at=now) for one in ids
    )


def _write(seeded: Seeded, records: list[CustomerRecord | CompanyRecord], *, now: datetime) -> None:
    write.apply(
        org_id=seeded.organization.pk,
        source_id=seeded.connection.source_id,
        records=records,
        now=now,
    )


def _company(now: datetime) -> CompanyRecord:
    return CompanyRecord(external_id="odd", version=now, observed_at=now, name=LONG)


def _odd(number: int, name: str, now: datetime) -> CustomerRecord:
    return CustomerRecord(
        external_id=f"odd-{number}",
        version=now,
        observed_at=now,
        contact_role="user",
        email=f"{'very.' * 8}long.{number}@{'sub.' * 8}example.com",
        name=name,
        last_seen_at=now,
        tags=[LONG[:60], "vip", "🦄"],
        attributes={"intercom/referrer": "https://example.com/" + LONG},
        companies=["odd"],
    )


def _plain(number: int, now: datetime) -> CustomerRecord:
    return CustomerRecord(
        external_id=f"plain-{number}",
        version=now,
        observed_at=now,
        contact_role="user",
        email=f"person.{number}@example.com",
        name=f"Person {number}",
        last_seen_at=now - timedelta(days=number % 60),
    )
