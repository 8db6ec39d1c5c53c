"""A team around a seeded organization: members, invitations, keys, log-ins, an audit log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from pulsescore.accounts import actions, browser_sessions, saved_views
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import ApiKey, Invitation, Membership, Role, User
from pulsescore.accounts.saved_views import ViewDraft
from pulsescore.accounts.two_step import setting_up, totp
from tests.seeding import PASSWORD, Seeded

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> \u202eoverride ' + "x" * 20
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@dataclass(frozen=True)
class Team:
    """Who and what was added."""

    admin: Membership
    member: Membership
    invitation: Invitation
    key: ApiKey


def owner_of(seeded: Seeded) -> Actor:
    """The seeded person, acting as owner."""
    return Actor(seeded.user, seeded.organization.pk, Role.OWNER, "session")


def join(seeded: Seeded, email: str, *, role: Role, first_name: str, now: datetime) -> Membership:
    """A person who belongs to the organization."""
    user = User.objects.create_user(
        email, PASSWORD, first_name=first_name, last_name="Berg", email_verified_at=now
    )
    membership = Membership(
        org=seeded.organization,
        user=user,
        role=role,
        created_at=now - timedelta(days=9),
        last_active_at=now - timedelta(hours=5),
    )
    membership.save()
    return membership


def add_team(seeded: Seeded, *, now: datetime) -> Team:
    """Everything that the pages of accounts show."""
    actor = owner_of(seeded)
    domain = seeded.user.email.partition("@")[2]
    admin = join(seeded, f"bob@{domain}", role=Role.ADMIN, first_name="Bob", now=now)
    member = join(seeded, f"mallory@{domain}", role=Role.MEMBER, first_name=HOSTILE[:80], now=now)
    add_app(admin.user, now=now)
    invitation = actions.invite(actor, email=f"erin@{domain}", role=Role.MEMBER, now=now)
    actions.invite(actor, email=f"frida.{'long.' * 9}name@{domain}", role=Role.ADMIN, now=now)
    key, _secret = actions.create_api_key(
        actor, name="Nightly export", role=Role.MEMBER, scopes=("read",), expires_at=None, now=now
    )
    actions.create_api_key(
        actor, name=HOSTILE[:80], role=Role.ADMIN, expires_at=now + timedelta(days=30), now=now
    )
    actions.change_role(actor, membership_id=member.pk, role=Role.ADMIN, now=now)
    actions.change_role(actor, membership_id=member.pk, role=Role.MEMBER, now=now)
    actions.update_organization(actor, support_contact="help@" + domain, now=now)
    for place, agent in enumerate((FIREFOX, IPHONE)):
        add_session(seeded.user, key=f"{seeded.user.pk}-{place}", agent=agent, now=now)
    return Team(admin=admin, member=member, invitation=invitation, key=key)


def keep_views(seeded: Seeded, *, now: datetime) -> None:
    """Two views of the customer list, one of them shared."""
    for name, query, shared in (
        ("Big ones going quiet", "tag=enterprise&unseen_days=14", True),
        ("Mine to call", "risk=red&risk=yellow&sort=change&order=asc", False),
    ):
        draft = ViewDraft(name=name, query=query, columns=("score", "company"), shared=shared)
        saved_views.save_view(owner_of(seeded), draft=draft, now=now)


def add_app(user: User, *, now: datetime) -> tuple[str, list[str]]:
    """An authenticator app; returns its secret and the recovery codes."""
    secret = totp.new_secret()
    before = now - timedelta(minutes=5)
    code = totp.code_at(secret, before)
    return secret, setting_up.add_app(user, secret=secret, code=code, now=before)


def add_session(user: User, *, key: str, agent: str, now: datetime) -> None:
    """A log-in somewhere else."""

    Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=10))
    browser_sessions.begin(
        user,
        session_key=key,
        address="192.0.2.17",
        user_agent=agent,
        now=now - timedelta(hours=7),
    )
