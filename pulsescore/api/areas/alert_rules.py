"""Rules of alerts: making them, changing them, trying them, what they fired."""

from typing import Annotated, Any, Literal

from ninja import Query, Router, Status

from pulsescore.alerts import actions, queries
from pulsescore.alerts.actions.rules import RuleDraft
from pulsescore.alerts.models import AlertRule
from pulsescore.api.areas.alert_shapes import AlertsOut, RuleOut, RulesOut, show_alert, show_rule
from pulsescore.api.areas.delivery_shapes import SentOut, show_sent
from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import PageQuery, cut
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import alert_rules as saving
from pulsescore.pipeline import alerting

router = Router(tags=["Alerts"])

Kind = Literal[
    "level_becomes",
    "score_below",
    "score_drops",
    "factor_reaches",
    "enters_segment",
    "leaves_segment",
    "connection_needs_attention",
]


class ChannelsIn(StrictBody):
    """By which ways a rule tells; `slack` names channels by their ids."""

    in_app: bool = False
    email: bool = False
    webhook: bool = False
    slack: list[int] = []


class RuleIn(StrictBody):
    """A rule. `params` by kind: `level`; `score`; `points, days`; `factor, value`; `segment`; none.

    With `segments` it is only about customers in one of them.
    """

    name: str
    kind: Kind
    params: dict[str, Any] = {}
    channels: ChannelsIn = ChannelsIn(in_app=True, email=True)
    audience: Literal["everyone", "admins"] = "everyone"
    segments: list[int] = []
    cooldown_hours: int = 24
    enabled: bool = True


class RuleChangesIn(StrictBody):
    """What is to change of a rule; what is not told stays. `muted_until` silences it for all."""

    name: str | None = None
    kind: Kind | None = None
    params: dict[str, Any] | None = None
    channels: ChannelsIn | None = None
    audience: Literal["everyone", "admins"] | None = None
    segments: list[int] | None = None
    cooldown_hours: int | None = None
    enabled: bool | None = None
    muted_until: Instant | None = None


@router.get("", response=RulesOut, auth=member)
def list_rules(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> RulesOut:
    """Rules in the order they were made."""
    rows, told = cut(queries.list_rules(request.auth.org_id), page)
    return RulesOut(rules=[show_rule(one) for one in rows], pagination=told)


@router.post("", response={201: RuleOut}, auth=admin)
def create_rule(request: MemberRequest, body: RuleIn) -> Status[RuleOut]:
    """Make a rule. It fires at crossings: who is there already is not told of."""
    draft = RuleDraft(**body.model_dump())
    rule = saving.save_rule(request.auth, draft=draft, now=utcnow())
    return Status(201, show_rule(rule))


@router.get("/{id:rule_id}", response=RuleOut, auth=member)
def get_rule(request: MemberRequest, rule_id: int) -> RuleOut:
    """One rule."""
    return show_rule(queries.get_rule(request.auth.org_id, rule_id))


@router.patch("/{id:rule_id}", response=RuleOut, auth=admin)
def change_rule(request: MemberRequest, rule_id: int, body: RuleChangesIn) -> RuleOut:
    """Change a rule, switch it on or off, or mute it for everybody until an instant."""
    now = utcnow()
    rule = queries.get_rule(request.auth.org_id, rule_id)
    told = body.model_dump(exclude_unset=True)
    if "muted_until" in told:
        until = told.pop("muted_until")
        rule = actions.mute_rule_for_all(request.auth, rule_id=rule_id, until=until, now=now)
    changes = {name: value for name, value in told.items() if value is not None}
    if changes:
        draft = RuleDraft(**{**_as_it_is(rule), **changes})
        rule = saving.save_rule(request.auth, draft=draft, rule_id=rule_id, now=now)
    return show_rule(rule)


@router.delete("/{id:rule_id}", response={204: None}, auth=admin)
def delete_rule(request: MemberRequest, rule_id: int) -> Status[None]:
    """Delete a rule; the history of what it fired stays."""
    actions.delete_rule(request.auth, rule_id=rule_id, now=utcnow())
    return Status(204, None)


@router.get("/{id:rule_id}/history", response=AlertsOut, auth=member)
def rule_history(
    request: MemberRequest, rule_id: int, page: Annotated[PageQuery, Query()]
) -> AlertsOut:
    """What a rule fired, newest first."""
    rule = queries.get_rule(request.auth.org_id, rule_id)
    rows, told = cut(queries.list_alerts(request.auth.org_id, rule=rule.pk), page)
    return AlertsOut(alerts=[show_alert(one) for one in rows], pagination=told)


@router.post("/{id:rule_id}/test", response={202: list[SentOut]}, auth=admin)
def test_rule(request: MemberRequest, rule_id: int) -> Status[list[SentOut]]:
    """Send a marked test through each channel outside the app; the e-mail to the caller only."""
    sent = alerting.test_rule(request.auth, rule_id=rule_id, now=utcnow())
    return Status(202, [show_sent(one) for one in sent])


@router.post("/{id:rule_id}/mute", response={204: None}, auth=member)
def mute_rule(request: MemberRequest, rule_id: int) -> Status[None]:
    """No longer tell the caller of a rule; others are told as before."""
    actions.mute_rule(request.auth, rule_id=rule_id, now=utcnow())
    return Status(204, None)


@router.post("/{id:rule_id}/unmute", response={204: None}, auth=member)
def unmute_rule(request: MemberRequest, rule_id: int) -> Status[None]:
    """Tell the caller of a rule again."""
    actions.unmute_rule(request.auth, rule_id=rule_id, now=utcnow())
    return Status(204, None)


def _as_it_is(rule: AlertRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "kind": rule.kind,
        "params": rule.params,
        "channels": rule.channels,
        "audience": rule.audience,
        "segments": rule.segments,
        "cooldown_hours": rule.cooldown_hours,
        "enabled": rule.enabled,
    }
