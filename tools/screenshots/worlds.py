"""Organizations in several states, and the ids that addresses of pages are made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pulsescore.accounts import actions
from pulsescore.connectors.intercom.outbound.models import SendRun
from pulsescore.core.clock import utcnow
from pulsescore.scoring.queries import CustomerFilters, list_customers
from pulsescore.segments.models import Segment
from pulsescore.store.source_segments import SegmentOf, replace_members
from tests import (
    seeding,
    seeding_alerts,
    seeding_backtest,
    seeding_intercom,
    seeding_scoring,
    seeding_segments,
    seeding_sending,
    seeding_team,
)
from tests.seeding import Seeded
from tools.screenshots import people, rare, troubles

WINDOW_DAYS = 40


@dataclass(frozen=True)
class Full:
    """The organization that has everything."""

    intercom: str
    dead_delivery: int
    invited: str
    worst: int
    unscored: int
    by_hand: int
    company: int
    company_segment: int
    since: str
    stricter: dict[str, str]
    write_key: int
    segments: seeding_segments.Segments
    team: seeding_team.Team
    fired: seeding_alerts.Fired
    story: seeding_backtest.Story


@dataclass(frozen=True)
class Worlds:
    """All organizations, as far as addresses need them."""

    full: Full
    importing: str
    troubled: troubles.Troubled
    two_way: str
    sent_customer: int
    sends: dict[str, int]
    crowd: int
    strange: rare.Strange
    verify_link: str
    reset_link: str


def seed(home: str) -> Worlds:
    """Make them, in a database without any."""
    now = utcnow()
    # A worker that lives for as long as the photographs take.
    seeding.beat(now + timedelta(days=1))
    full = seeding.seed(people.FULL, customers=160, now=now)
    told = _fill(full, home, now=now)
    sender = seeding.seed(people.TWO_WAY, customers=40, now=now, name="Two Way BV")
    sent_customer = seeding_sending.add_everything(sender, now=now)
    runs, segments = (model.objects.for_org(sender.organization.pk) for model in (SendRun, Segment))
    verify, reset = rare.add_links(now=now)
    return Worlds(
        full=told,
        importing=_beginners(now),
        troubled=troubles.add_troubled(now=now),
        sent_customer=sent_customer,
        sends=dict(runs.values_list("state", "pk")),
        crowd=segments.get(name="Crowd").pk,
        two_way=address_of(sender),
        strange=rare.add_strange(now=now),
        verify_link=verify,
        reset_link=reset,
    )


def address_of(seeded: Seeded) -> str:
    """Where the pages of its connection are."""
    return f"/settings/integrations/intercom/{seeded.connection.pk}"


def _beginners(now: datetime) -> str:
    """Organizations on their first steps; returns the address of a run under way."""
    _user, empty = seeding.register(people.EMPTY, name="Empty Ltd", now=now)
    seeding.add_run(seeding.connect(empty.pk, now=now), status="running", now=now)
    seeding.register(people.NEW, name="Newcomer Inc", now=now)
    _user, first = seeding.register(people.FIRST, name="First Steps GmbH", now=now)
    run = seeding_intercom.first_import(seeding.connect(first.pk, now=now), now=now)
    return f"/settings/integrations/intercom/{run.connection_id}/runs/{run.pk}"


def _fill(full: Seeded, home: str, *, now: datetime) -> Full:
    org_id = full.organization.pk
    seeding_intercom.add_troubles(full.connection, now=now)
    seeding_intercom.add_delivery(full.connection, name="waiting", state="pending", now=now)
    dead = seeding_intercom.add_delivery(
        full.connection, name="dead", state="dead", now=now, error="the payload has no id"
    )
    segments = seeding_segments.add_segments(full, now=now)
    team = seeding_team.add_team(full, now=now)
    owner = seeding_team.owner_of(full)
    _told, link = actions.new_invitation_link(owner, invitation_id=team.invitation.pk, now=now)
    listed = list_customers(org_id, filters=CustomerFilters(), sort="score").customers
    none = list_customers(org_id, filters=CustomerFilters(risk="none")).customers[0].id
    paying = SegmentOf(
        org_id=org_id,
        source_id=full.connection.source_id,
        external_id="s1",
        name="Paying",
        size=3,
    )
    replace_members(paying, [listed[0].external_id], now=now)
    fired = seeding_alerts.add_alerts(full, now=now)
    seeding_team.keep_views(full, now=now)
    stricter = seeding_scoring.save_stricter_scoring(full, now=now)
    story = seeding_backtest.add_story(full, now=now)
    seeding_scoring.override_score(full, listed[1].id, now=now)
    return Full(
        intercom=address_of(full),
        dead_delivery=dead.pk,
        invited=link.removeprefix(home),
        worst=listed[0].id,
        unscored=none,
        by_hand=listed[1].id,
        company=listed[0].companies[0][0],
        company_segment=rare.add_company_segment(full, now=now),
        since=f"{now - timedelta(days=WINDOW_DAYS):%Y-%m-%d}",
        stricter=stricter,
        write_key=rare.add_write_keys(full, now=now),
        segments=segments,
        team=team,
        fired=fired,
        story=story,
    )
