"""Alerts: what fired, what people make of it, and what was sent of it."""

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from pulsescore.alerts import actions, queries
from pulsescore.api.areas.alert_shapes import AlertOut, AlertsOut, show_alert
from pulsescore.api.areas.delivery_shapes import SentsOut, show_sent
from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, member
from pulsescore.api.paging import PageQuery, cut
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import alerting

router = Router(tags=["Alerts"], auth=member)
_MAX_ID = 2**63 - 1


class AlertQuery(PageQuery):
    """Which alerts; `live` are all that are not resolved."""

    state: Literal["open", "acknowledged", "snoozed", "resolved", "live"] | None = None
    rule: Annotated[int | None, Field(ge=1, le=_MAX_ID)] = None
    customer: Annotated[int | None, Field(ge=1, le=_MAX_ID)] = None


class SnoozeIn(StrictBody):
    """Until when an alert is put off, at most ninety days."""

    until: Instant


class StatsOut(BaseModel):
    """How alerts stand, and how it went within the last week."""

    open: int
    acknowledged: int
    snoozed: int
    fired_last_day: int
    fired_last_week: int
    resolved_last_week: int
    mean_hours_to_resolve: float | None


@router.get("/history", response=AlertsOut)
def list_alerts(request: MemberRequest, query: Annotated[AlertQuery, Query()]) -> AlertsOut:
    """What fired, newest first."""
    found = queries.list_alerts(
        request.auth.org_id, state=query.state, rule=query.rule, customer=query.customer
    )
    rows, told = cut(found, query)
    return AlertsOut(alerts=[show_alert(one) for one in rows], pagination=told)


@router.get("/stats", response=StatsOut)
def stats(request: MemberRequest) -> StatsOut:
    """How alerts stand."""
    return StatsOut(**vars(queries.stats(request.auth.org_id, utcnow())))


@router.get("/{id:alert_id}", response=AlertOut)
def get_alert(request: MemberRequest, alert_id: int) -> AlertOut:
    """One alert."""
    return show_alert(queries.get_alert(request.auth.org_id, alert_id))


@router.post("/{id:alert_id}/acknowledge", response=AlertOut)
def acknowledge(request: MemberRequest, alert_id: int) -> AlertOut:
    """Say that somebody is on it."""
    actions.acknowledge(request.auth, alert_id=alert_id, now=utcnow())
    return get_alert(request, alert_id)


@router.post("/{id:alert_id}/snooze", response=AlertOut)
def snooze(request: MemberRequest, alert_id: int, body: SnoozeIn) -> AlertOut:
    """Put an alert off; then it is open again."""
    actions.snooze(request.auth, alert_id=alert_id, until=body.until, now=utcnow())
    return get_alert(request, alert_id)


@router.post("/{id:alert_id}/resolve", response=AlertOut)
def resolve(request: MemberRequest, alert_id: int) -> AlertOut:
    """Close an alert; it fires again only after a recovery in between."""
    actions.resolve(request.auth, alert_id=alert_id, now=utcnow())
    return get_alert(request, alert_id)


@router.get("/{id:alert_id}/deliveries", response=SentsOut)
def list_deliveries(
    request: MemberRequest, alert_id: int, page: Annotated[PageQuery, Query()]
) -> SentsOut:
    """What was sent of an alert, alone or together with others, newest first."""
    rows, told = cut(alerting.deliveries_of(request.auth.org_id, alert_id), page)
    return SentsOut(deliveries=[show_sent(one) for one in rows], pagination=told)
