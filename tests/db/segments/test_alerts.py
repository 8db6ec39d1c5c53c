"""Rules about segments fire at moves, and rules of scores can be about some segments only."""

from datetime import timedelta
from typing import Any

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.alerts import actions
from pulsescore.alerts.actions.rules import RuleDraft
from pulsescore.alerts.evaluating import Concern
from pulsescore.alerts.models import Alert, AlertRule
from pulsescore.alerts.notes import headline
from pulsescore.alerts.scopes import within_scope
from pulsescore.alerts.wording import rule_words
from pulsescore.core.errors import Invalid
from pulsescore.delivery.models import Delivery, WebhookEndpoint
from pulsescore.pipeline import segmenting
from pulsescore.pipeline.letters import webhook_body
from pulsescore.pipeline.work import rescore_pending
from pulsescore.segments.models import Segment
from pulsescore.store import dirty
from pulsescore.store.models import Customer
from tests.db.scoring.people import add_customer, add_org
from tests.db.segments.truth import NOW

pytestmark = pytest.mark.django_db
FREE = {"field": "metadata.plan", "op": "eq", "value": "free"}


def admin(org_id: int) -> Actor:
    return Actor(user=None, org_id=org_id, role=Role.ADMIN, via="command")


def free_segment(org_id: int) -> Segment:
    made = segmenting.create_segment(admin(org_id), name="Free", rule=FREE, now=NOW)
    segmenting.refresh_everybody(org_id, now=NOW)
    return made


def rule_of(org_id: int, kind: str, params: dict[str, Any], **more: Any) -> AlertRule:
    draft = RuleDraft(name="Told", kind=kind, params=params, channels={"in_app": True}, **more)
    return actions.save_rule(admin(org_id), draft=draft, now=NOW)


def move(customer: Customer, plan: str, *, hours: float) -> None:
    org_id = customer.org_id
    Customer.objects.for_org(org_id).filter(pk=customer.pk).update(metadata={"plan": plan})
    dirty.mark(org_id, [customer.pk])
    rescore_pending(org_id, now=NOW + timedelta(hours=hours))


def alerts(rule: AlertRule) -> list[Alert]:
    rows = Alert.objects.for_org(rule.org_id).filter(rule=rule).select_related("rule", "customer")
    return list(rows.order_by("id"))


def test_entering_fires_and_leaving_ends_it() -> None:
    org_id = add_org()
    ada = add_customer(org_id, name="Ada", metadata={"plan": "pro"})
    rule = rule_of(org_id, "enters_segment", {"segment": free_segment(org_id).pk})
    move(ada, "free", hours=1)
    (fired,) = alerts(rule)
    assert headline(fired) == "Ada entered the segment “Free”"
    assert fired.recovered_at is None
    move(ada, "pro", hours=2)
    assert alerts(rule)[0].recovered_at is not None
    move(ada, "free", hours=3)
    (again,) = alerts(rule)
    assert (again.recovered_at, again.reopened) == (None, 1)
    move(ada, "pro", hours=30)
    move(ada, "free", hours=60)
    assert len(alerts(rule)) == 2


def test_leaving_fires_for_its_own_rule() -> None:
    org_id = add_org()
    ada = add_customer(org_id, metadata={"plan": "free"})
    segment = free_segment(org_id)
    rule = rule_of(org_id, "leaves_segment", {"segment": segment.pk})
    assert alerts(rule) == []
    move(ada, "pro", hours=1)
    assert len(alerts(rule)) == 1
    segmenting.update_segment(admin(org_id), segment.pk, name="Gratis", now=NOW)
    rule.refresh_from_db()
    assert rule_words(rule.kind, rule.params) == "a customer leaves the segment “Gratis”"


def test_a_rule_can_be_about_some_segments_only() -> None:
    org_id = add_org()
    free, paying = (add_customer(org_id, metadata={"plan": plan}) for plan in ("free", "pro"))
    segment = free_segment(org_id)
    rule = rule_of(org_id, "score_below", {"score": 50}, segments=[segment.pk])
    everybody = rule_of(org_id, "score_below", {"score": 40})
    cases = [Concern(one, customer.pk) for one in (rule, everybody) for customer in (free, paying)]
    assert within_scope(org_id, cases) == [cases[0], cases[2], cases[3]]


def test_a_segment_that_is_not_there_is_refused() -> None:
    org_id, other = add_org(), add_org("Other")
    theirs = free_segment(other).pk
    for kind, params, more, field in (
        ("enters_segment", {"segment": theirs}, {}, "params.segment"),
        ("enters_segment", {}, {}, "params.segment"),
        ("score_below", {"score": 40}, {"segments": [theirs]}, "segments"),
    ):
        with pytest.raises(Invalid) as refused:
            rule_of(org_id, kind, params, **more)
        assert [one.field for one in refused.value.faults] == [field]


def test_endpoints_are_told_who_moved() -> None:
    org_id = add_org()
    ada = add_customer(org_id, email="ada@example.com", metadata={"plan": "pro"})
    WebhookEndpoint.objects.for_org(org_id).create(
        org_id=org_id, url="https://example.com/in", events=["segment.entered"]
    )
    free_segment(org_id)
    move(ada, "free", hours=1)
    move(ada, "pro", hours=2)
    (told,) = [
        one for one in Delivery.objects.for_org(org_id) if one.payload["segment"]["name"] == "Free"
    ]
    body = (webhook_body(told) or b"").decode()
    assert '"type":"segment.entered"' in body
    assert "ada@example.com" in body
