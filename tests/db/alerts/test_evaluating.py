"""Alerts fire once per crossing, hold while it lasts, and are over when it is."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.alerts import actions, queries
from pulsescore.alerts.attention import Trouble, evaluate_connections
from pulsescore.alerts.evaluating import evaluate, look_again
from pulsescore.alerts.models import Alert, AlertRule, AlertState, Notification
from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.errors import Conflict, Forbidden, NotFound
from pulsescore.pipeline.settling import settling_sources
from pulsescore.scoring import watching
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import ScoreMark, ScorePoint
from pulsescore.store.models import Customer, Source
from tests import seeding
from tests.db.alerts.world import NOW, add_customers, add_rule, alerts_of, found, join, move
from tests.db.scoring import people

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def alice() -> Actor:
    return found()


def look(actor: Actor, *, at: datetime = NOW) -> int:
    return evaluate(actor.org_id, now=at, settling={}).claimed


def test_every_organization_begins_with_the_support_escalation(alice: Actor) -> None:
    (rule,) = queries.list_rules(alice.org_id)

    assert (rule.name, rule.is_default, rule.enabled) == (
        "Support escalation: a customer becomes Critical",
        True,
        True,
    )
    assert (rule.kind, rule.params) == ("level_becomes", {"level": "red"})
    other = Organization.objects.create(name="Other")
    assert queries.list_rules(other.pk).get().is_default


def test_who_becomes_critical_is_told_once_however_often_somebody_looks(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})
    assert look(alice) == 1
    assert look(alice) == 0
    move(alice.org_id, {mia: 30})
    look(alice)

    (alert,) = alerts_of(alice.org_id)
    assert (alert.customer_id, alert.state, alert.fired_at) == (mia, AlertState.OPEN, NOW)
    assert (alert.facts["score_before"], alert.facts["score"]) == (62, 31)


def test_what_happened_between_two_looks_does_not_count(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    for score in (31, 90, 20, 55):
        move(alice.org_id, {mia: score})
    look(alice)

    assert alerts_of(alice.org_id) == []


def test_nothing_is_marked_that_no_rule_can_see(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 55}, open_tickets=9)

    assert not ScoreMark.objects.for_org(alice.org_id).exists()


def test_without_rules_nobody_is_marked(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    rule = queries.list_rules(alice.org_id).get()
    actions.set_rule_enabled(alice, rule_id=rule.pk, enabled=False, now=NOW)
    move(alice.org_id, {mia: 1})

    assert not ScoreMark.objects.for_org(alice.org_id).exists()


def test_a_first_score_fires_nothing(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, None)
    move(alice.org_id, {mia: 5})
    look(alice)

    assert alerts_of(alice.org_id) == []


def test_what_a_first_import_does_to_scores_fires_nothing_but_ends_alerts(alice: Actor) -> None:
    mia, noah = add_customers(alice.org_id, 62, 62)
    move(alice.org_id, {noah: 10})
    look(alice)
    source = Source.objects.for_org(alice.org_id).get()
    move(alice.org_id, {mia: 5, noah: 80})
    evaluate(alice.org_id, now=NOW, settling={source.pk: NOW})

    (alert,) = alerts_of(alice.org_id)
    assert (alert.customer_id, alert.state) == (noah, AlertState.RESOLVED)
    move(alice.org_id, {mia: 60})
    move(alice.org_id, {mia: 5}, at=NOW + MINUTE)
    look(alice)
    assert len(alerts_of(alice.org_id)) == 1, "nothing crossed since the import settled"


def test_an_alert_is_over_on_recovery_beyond_the_margin(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    for score, state in ((31, "open"), (41, "open"), (39, "open"), (44, "resolved")):
        move(alice.org_id, {mia: score})
        look(alice)
        (alert,) = alerts_of(alice.org_id)
        assert alert.state == state, score
    assert alert.recovered_at == alert.resolved_at == NOW


def test_a_new_crossing_after_the_cooldown_is_a_new_alert(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    for place, score in enumerate((31, 60, 31)):
        move(alice.org_id, {mia: score})
        look(alice, at=NOW + DAY * place)

    assert [one.state for one in alerts_of(alice.org_id)] == ["resolved", "open"]


def test_a_new_crossing_within_the_cooldown_reopens_the_alert_quietly(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    for place, score in enumerate((31, 60, 31)):
        move(alice.org_id, {mia: score})
        look(alice, at=NOW + MINUTE * place)

    (alert,) = alerts_of(alice.org_id)
    assert (alert.state, alert.reopened, alert.recovered_at) == ("open", 1, None)


def test_who_was_resolved_by_hand_fires_again_only_after_a_recovery(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})
    look(alice)
    actions.resolve(alice, alert_id=alerts_of(alice.org_id)[0].pk, now=NOW)
    for score in (41, 39):
        move(alice.org_id, {mia: score})
        look(alice, at=NOW + 2 * DAY)

    assert [one.state for one in alerts_of(alice.org_id)] == ["resolved"]
    for score in (60, 39):
        move(alice.org_id, {mia: score})
        look(alice, at=NOW + 3 * DAY)
    assert [one.state for one in alerts_of(alice.org_id)] == ["resolved", "open"]


def test_a_factor_that_reaches_a_value_fires(alice: Actor) -> None:
    rule = add_rule(alice, "factor_reaches", {"factor": "open_tickets", "value": 3})
    (mia,) = add_customers(alice.org_id, 80)
    move(alice.org_id, {mia: 80}, open_tickets=2)
    assert look(alice) == 0
    move(alice.org_id, {mia: 80}, open_tickets=4)
    look(alice)

    (alert,) = alerts_of(alice.org_id)
    assert (alert.rule_id, alert.facts["raw"]) == (rule.pk, 4.0)
    move(alice.org_id, {mia: 80}, open_tickets=2)
    look(alice)
    assert alerts_of(alice.org_id)[0].state == AlertState.RESOLVED


def test_a_drop_is_measured_from_the_highest_score_of_its_days(alice: Actor) -> None:
    add_rule(alice, "score_drops", {"points": 20, "days": 7})
    mia, noah = add_customers(alice.org_id, 75, 75)
    for customer_id, days, score in ((mia, 3, 90), (noah, 8, 90), (noah, 3, 80)):
        ScorePoint(
            org_id=alice.org_id,
            customer_id=customer_id,
            at=NOW - days * DAY,
            score=score,
            config_version=1,
        ).save()
    move(alice.org_id, {mia: 69, noah: 69})
    look(alice)

    (alert,) = alerts_of(alice.org_id)
    assert (alert.customer_id, alert.facts["dropped"]) == (mia, 21)
    look_again(alice.org_id, now=NOW + 5 * DAY)
    look(alice, at=NOW + 5 * DAY)
    assert alerts_of(alice.org_id)[0].state == AlertState.RESOLVED, "the high days are over"


def test_alerts_about_deleted_customers_are_over_in_the_night(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})
    look(alice)
    Customer.objects.for_org(alice.org_id).update(deleted_at=NOW)
    look_again(alice.org_id, now=NOW)

    assert alerts_of(alice.org_id)[0].state == AlertState.RESOLVED


def test_an_erased_customer_leaves_no_alert_and_no_notification(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})
    look(alice)
    alert = alerts_of(alice.org_id)[0]
    actions.snooze(alice, alert_id=alert.pk, until=NOW + DAY, now=NOW)
    assert actions.wake_snoozed(now=NOW + DAY) == 1
    assert Notification.objects.for_org(alice.org_id).count() == 1
    Customer.objects.for_org(alice.org_id).filter(pk=mia).delete()

    assert alerts_of(alice.org_id) == []
    assert not Notification.objects.for_org(alice.org_id).exists()


def test_a_rule_that_ends_takes_its_alerts_with_it_and_keeps_its_history(alice: Actor) -> None:
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})
    look(alice)
    rule = queries.list_rules(alice.org_id).get()
    actions.delete_rule(alice, rule_id=rule.pk, now=NOW)

    (alert,) = queries.list_alerts(alice.org_id)
    assert (alert.state, alert.rule.name) == (AlertState.RESOLVED, rule.name)
    assert not queries.list_rules(alice.org_id).exists()


def test_a_rule_that_was_changed_looks_again_at_whom_it_fired_for(alice: Actor) -> None:
    rule = add_rule(alice, "score_below", {"score": 60})
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 50})
    look(alice)
    draft = actions.rules.RuleDraft(
        name=rule.name, kind=rule.kind, params={"score": 45}, channels=rule.channels
    )
    actions.save_rule(alice, draft=draft, rule_id=rule.pk, now=NOW)
    look(alice)

    assert alerts_of(alice.org_id)[0].state == AlertState.RESOLVED


def test_real_scores_that_fall_are_told(alice: Actor) -> None:
    """Worked example F becomes as bad as B: 91 falls to critical, through the real engine."""
    customer = people.add_example_f(alice.org_id)
    rescore(org_id=alice.org_id, customer_ids=None, now=people.NOW)
    Customer.objects.for_org(alice.org_id).update(
        last_seen_at=people.ago(30), last_replied_at=people.ago(40)
    )
    for created in (9, 8, 7, 6.5):
        people.add_conversation(customer, created=created, updated=6, reopen_count=2)
    rescore(org_id=alice.org_id, customer_ids=[customer.pk], now=people.NOW)
    look(alice)

    (alert,) = alerts_of(alice.org_id)
    assert alert.customer_id == customer.pk
    assert (alert.facts["score_before"], alert.facts["level"]) == (91, "red")


@pytest.mark.parametrize(
    ("took", "settles_for"), [(10, 60), (600, 300), (7200, 600)], ids=["quick", "fair", "long"]
)
def test_a_source_settles_for_half_the_time_of_its_first_import(
    alice: Actor, took: int, settles_for: int
) -> None:
    made = seeding.connect(alice.org_id, now=NOW)
    Connection.objects.for_org(alice.org_id).update(last_sync_at=None)
    assert settling_sources(alice.org_id, now=NOW) == {made.source_id: NOW}
    for finished in (NOW, NOW + DAY):
        run = seeding.add_run(made, status="succeeded", now=finished)
        run.started_at = finished - timedelta(seconds=took)
        run.save()
        until = {made.source_id: NOW + timedelta(seconds=settles_for)}
        assert settling_sources(alice.org_id, now=NOW + 2 * DAY) == until


def test_organizations_do_not_see_one_another(alice: Actor) -> None:
    zoe = found("zoe")
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})

    assert look(zoe) == 0
    assert watching.orgs_with_marks() == [alice.org_id]
    assert look(alice) == 1
    assert alerts_of(zoe.org_id) == []


def test_a_connection_in_trouble_fires_once_and_is_over_when_mended(alice: Actor) -> None:
    add_rule(alice, "connection_needs_attention", {})
    trouble = Trouble(7, "Acme Support", "The token was revoked.", "/settings/integrations")
    for _ in range(2):
        assert evaluate_connections(alice.org_id, [trouble], now=NOW) == []
    (alert,) = alerts_of(alice.org_id)
    assert alert.facts["reason"] == "The token was revoked."

    assert evaluate_connections(alice.org_id, [], now=NOW) == [alert.pk]
    evaluate_connections(alice.org_id, [trouble], now=NOW + DAY)
    assert [one.state for one in alerts_of(alice.org_id)] == ["resolved", "open"]


def test_looking_takes_as_many_statements_for_a_thousand_as_for_one(alice: Actor) -> None:
    def statements(count: int) -> int:
        ids = add_customers(alice.org_id, *[62] * count)
        move(alice.org_id, dict.fromkeys(ids, 31))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            evaluate(alice.org_id, now=NOW, settling={})
        return len(seen)

    add_rule(alice, "score_drops", {"points": 20, "days": 7})
    assert statements(1) == statements(40) <= 14


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("score"), st.integers(0, 100)),
            st.tuples(st.just("look"), st.just(0)),
            st.tuples(st.just("again"), st.just(0)),
        ),
        max_size=25,
    )
)
def test_whatever_the_order_there_is_one_alert_per_crossing(
    alice: Actor, steps: list[tuple[str, int]]
) -> None:
    """A model that knows only the scores at the looks tells the same as the rows."""
    Alert.objects.for_org(alice.org_id).delete()
    ScoreMark.objects.for_org(alice.org_id).delete()
    AlertRule.objects.for_org(alice.org_id).update(cooldown_hours=0)
    (mia,) = add_customers(alice.org_id, 62)
    score = seen = 62
    holds, fired = False, 0
    for place, (step, value) in enumerate([*steps, ("look", 0)]):
        now = NOW + MINUTE * place
        if step == "score":
            score = value
            move(alice.org_id, {mia: score}, at=now)
        elif step == "again":
            look_again(alice.org_id, now=now)
        else:
            look(alice, at=now)
            look(alice, at=now)
            if holds:
                holds = score < 43
            elif score < 40 <= seen:
                holds, fired = True, fired + 1
            seen = score
    told = [one for one in alerts_of(alice.org_id) if one.customer_id == mia]
    assert len(told) == fired
    assert sum(one.recovered_at is None for one in told) == holds


def test_members_answer_alerts_and_only_admins_make_rules(alice: Actor) -> None:
    bob = Actor(join(alice.org_id, "bob"), alice.org_id, Role.MEMBER, "session")
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 31})
    look(alice)
    (alert,) = alerts_of(alice.org_id)

    assert actions.acknowledge(bob, alert_id=alert.pk, now=NOW).acknowledged_by == bob.user
    assert actions.resolve(bob, alert_id=alert.pk, now=NOW).state == AlertState.RESOLVED
    with pytest.raises(Conflict):
        actions.acknowledge(bob, alert_id=alert.pk, now=NOW)
    with pytest.raises(Forbidden):
        add_rule(bob, "score_below", {"score": 10})
    with pytest.raises(NotFound):
        actions.acknowledge(found("zoe"), alert_id=alert.pk, now=NOW)
