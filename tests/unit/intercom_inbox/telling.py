"""Runs a notification through the effects, as a worker does."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from pulsescore.connectors.intercom.inbox.effects.table import effect_of
from pulsescore.connectors.intercom.inbox.effects.telling import Effect
from pulsescore.connectors.intercom.inbox.envelope import parse
from pulsescore.connectors.intercom.inbox.workspace import Person, Workspace
from tests.unit.intercom_inbox import payloads

ARRIVED = datetime(2026, 1, 10, 4, 40, tzinfo=UTC)
AT = datetime.fromtimestamp(payloads.AT, UTC)
WORKSPACE = Workspace(
    workspace_id=payloads.WORKSPACE,
    admins={"991": Person(name="Grace", email="grace@example.com")},
    teams={"55": Person(name="Support")},
    tags={"71": "vip", "72": "beta"},
)

R = TypeVar("R")


def tell(topic: str, item: dict[str, Any], *, of: Workspace = WORKSPACE, **changes: Any) -> Effect:
    notification = parse(payloads.body(topic, item, **changes))
    return effect_of(notification, workspace=of, received_at=ARRIVED)


def only(effect: Effect, kind: type[R]) -> R:
    (record,) = [record for record in effect.records if isinstance(record, kind)]
    return record


def every(effect: Effect, kind: type[R]) -> list[R]:
    return [record for record in effect.records if isinstance(record, kind)]
