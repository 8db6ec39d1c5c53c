"""A stored day, computed again from what is stored now, is what was stored then, bit for bit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role, User
from pulsescore.scoring.actions import rescore, save_config
from pulsescore.scoring.caps import CAP_NAMES
from pulsescore.scoring.config import DEFAULTS, Config
from pulsescore.scoring.exceptions import Cap, Exceptions
from pulsescore.scoring.factors import LEVELS, NO_SCORE, judge
from pulsescore.scoring.history import scores_as_of
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.scoring.override_form import OverrideWish
from pulsescore.scoring.overriding import end_override, mark_expired, set_override
from pulsescore.scoring.versions import config_of_version
from pulsescore.store.models import Conversation, ConversationActivity, Customer, Participant
from tests.db.scoring.people import NOW, add_customer, add_example_f, add_org, ago, source_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THEN = NOW - 10 * DAY
HELD = Exceptions(not_seen=Cap(9, 71), many_open=Cap(2, 64))


@dataclass(frozen=True)
class Life:
    """When a conversation began, was answered and closed; days before now, None for never."""

    opened: float
    answered: float | None
    closed: float | None

    def instants(self, t: datetime) -> list[datetime]:
        told = (self.opened, self.answered, self.closed)
        return [ago(days) for days in told if days is not None and ago(days) <= t]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    steps = st.integers(0, 60).map(lambda sixths: sixths / 6)
    opened = draw(st.integers(1, 300).map(lambda sixths: sixths / 6))
    answered = draw(st.one_of(st.none(), steps.map(lambda after: max(0.0, opened - after))))
    closed = draw(st.one_of(st.none(), steps.map(lambda after: max(0.0, opened - after))))
    return Life(opened, answered, closed)


def store_as_of(customer: Customer, life: Life, name: str, t: datetime) -> None:
    """What a sync at `t` would have stored of a conversation: nothing later is known."""
    known = life.instants(t)
    if not known:
        return
    answered = _by(life.answered, t)
    closed = _by(life.closed, t)
    row, is_new = Conversation.objects.for_org(customer.org_id).update_or_create(
        external_id=name,
        defaults={
            "org_id": customer.org_id,
            "source": source_of(customer.org_id),
            "observed_at": t,
            "opened_at": ago(life.opened),
            "remote_updated_at": max(known),
            "status": "closed" if closed else "open",
            "closed_at": closed,
            "first_closed_at": closed,
            "first_admin_reply_at": answered,
            "last_admin_reply_at": answered,
            "time_to_resolution_secs": int((closed - ago(life.opened)).total_seconds())
            if closed
            else None,
        },
    )
    if is_new:
        Participant.objects.for_org(customer.org_id).create(
            org_id=customer.org_id, conversation=row, customer=customer
        )


def _by(days: float | None, t: datetime) -> datetime | None:
    return None if days is None or ago(days) > t else ago(days)


def admin_of(org_id: int) -> Actor:
    user = User.objects.create_user(f"ada-{org_id}@example.com", "correct horse battery")
    return Actor(user=user, org_id=org_id, role=Role.ADMIN, via="session")


def is_replayed(customer: Customer, point: ScorePoint) -> bool:
    """Whether the point's instant, replayed now, gives the point in every bit."""
    outcome = scores_as_of(org_id=customer.org_id, customer_ids=[customer.pk], t=point.at)
    score, computed = int(outcome.scores[0]), int(outcome.computed[0])
    overridden = int(outcome.overrides[0])
    replayed = (
        None if score == NO_SCORE else score,
        LEVELS[outcome.levels[0]],
        CAP_NAMES[outcome.caps[0]],
        overridden or None,
        None if not overridden or computed == NO_SCORE else computed,
    )
    stored = (point.score, point.risk_level, point.cap, point.override_id, point.computed_score)
    bits = [
        np.array(kept, dtype=np.float64).tobytes() == made[0].tobytes()
        for kept, made in ((point.values, outcome.values), (point.raws, outcome.raws))
    ]
    return replayed == stored and all(bits)


words = st.one_of(
    st.none(), st.integers(0, 100).map(str), st.sampled_from(["green", "yellow", "red"])
)
people = st.tuples(st.lists(lives(), min_size=1, max_size=4), st.integers(10, 40), words)


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(people, st.booleans())
def test_whatever_came_later_the_day_is_what_it_was(
    person: tuple[list[Life], int, str | None], with_exceptions: bool
) -> None:
    talks, seen, said = person
    org_id = add_org()
    actor, customer = admin_of(org_id), add_customer(org_id, last_seen_at=ago(seen))
    if with_exceptions:
        held = replace(DEFAULTS, exceptions=HELD)
        save_config(actor, config=held, comment="", now=THEN - 5 * DAY)
    for place, life in enumerate(talks):
        store_as_of(customer, life, f"talk-{org_id}-{place}", THEN)
    if said is not None:
        wish = OverrideWish(
            int(said) if said.isdigit() else None,
            None if said.isdigit() else said,
            "Because",
            NOW + DAY,
        )
        set_override(actor, customer_id=customer.pk, wish=wish, now=THEN - DAY)
    rescore(org_id=org_id, customer_ids=None, now=THEN)
    points = ScorePoint.objects.for_org(org_id).filter(customer=customer)
    point = points.filter(at=THEN).first()

    for place, life in enumerate(talks):
        store_as_of(customer, life, f"talk-{org_id}-{place}", NOW)
    save_config(actor, config=replace(DEFAULTS, yellow=60.0), comment="", now=NOW - DAY)
    if said is not None:
        end_override(actor, customer_id=customer.pk, now=NOW - DAY)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    assert point is None or is_replayed(customer, point)


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(lives(), min_size=1, max_size=4), st.integers(0, 40))
def test_a_points_own_raw_values_give_its_score_again(talks: list[Life], seen: int) -> None:
    org_id = add_org()
    customer = add_customer(org_id, last_seen_at=ago(seen))
    for place, life in enumerate(talks):
        store_as_of(customer, life, f"talk-{org_id}-{place}", NOW)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    point = ScorePoint.objects.for_org(org_id).get(customer=customer)
    config: Config = config_of_version(org_id, point.config_version)
    again = judge(np.array([customer.pk]), np.array([point.raws]), config)
    assert (int(again.scores[0]), LEVELS[again.levels[0]]) == (point.score, point.risk_level)
    assert again.values[0].tobytes() == np.array(point.values).tobytes()


def test_reopenings_that_were_told_are_part_of_the_day() -> None:
    org_id = add_org()
    customer = add_customer(org_id, last_seen_at=ago(12))
    store_as_of(customer, Life(30, 29, 28), "talk", THEN)
    talk = Conversation.objects.for_org(org_id).get()
    talk.reopen_count, talk.remote_updated_at, talk.status = 1, ago(20), "open"
    talk.save()
    for kind, days in (("closed", 28), ("reopened", 20)):
        ConversationActivity.objects.for_org(org_id).create(
            org_id=org_id, conversation=talk, kind=kind, at=ago(days)
        )
    rescore(org_id=org_id, customer_ids=None, now=THEN)
    point = ScorePoint.objects.for_org(org_id).get(at=THEN)
    assert point.raws[3] == 1
    assert is_replayed(customer, point)


def test_a_day_under_an_override_that_expired_is_replayed_with_it() -> None:
    org_id = add_org()
    customer, actor = add_example_f(org_id), admin_of(org_id)
    wish = OverrideWish(None, "red", "They told us they leave", NOW + 2 * DAY)
    set_override(actor, customer_id=customer.pk, wish=wish, now=NOW)
    later = NOW + 3 * DAY
    mark_expired(now=later)
    rescore(org_id=org_id, customer_ids=None, now=later)
    assert HealthScore.objects.for_org(org_id).get().override_id is None
    points = ScorePoint.objects.for_org(org_id).filter(customer=customer).order_by("at")
    assert points[0].risk_level == "red"
    assert all(is_replayed(customer, point) for point in points)
