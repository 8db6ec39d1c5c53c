"""What a connection may do and whether its webhooks arrive: permissions, silence, test event."""

from ninja import Router

from pulsescore.api.areas.connection_shapes import (
    PermissionOut,
    PermissionsOut,
    SelfTestOut,
    StepOut,
    TopicOut,
    WebhooksOut,
)
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.inbox import queries as inbox
from pulsescore.connectors.intercom.inbox import self_test
from pulsescore.connectors.intercom.inbox.silence import webhook_silence
from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run as pipeline

router = Router(tags=["Connections"], auth=admin)


class SelfTestIn(StrictBody):
    """A secret to try instead of the stored one, to find out whether they are the same."""

    secret: str = ""


@router.get("/{id:connection_id}/permissions", response=PermissionsOut)
def list_permissions(request: MemberRequest, connection_id: int) -> PermissionsOut:
    """Each permission that the connection uses, and whether the token has it."""
    return _permissions(queries.get_connection(request.auth.org_id, connection_id))


@router.post("/{id:connection_id}/permissions", response=PermissionsOut)
def check_permissions(request: MemberRequest, connection_id: int) -> PermissionsOut:
    """Ask Intercom anew what the token may do; a connection that this mends syncs again."""
    pipeline.check_permissions(request.auth, connection_id=connection_id, now=utcnow())
    return _permissions(queries.get_connection(request.auth.org_id, connection_id))


@router.get("/{id:connection_id}/webhooks", response=WebhooksOut)
def get_webhooks(request: MemberRequest, connection_id: int) -> WebhooksOut:
    """How webhooks do: lag, what waits, whether polling finds what none announced, topics."""
    connection = queries.get_connection(request.auth.org_id, connection_id)
    now = utcnow()
    health = inbox.inbox_health(connection.org_id, connection.pk, now=now)
    silence = webhook_silence(connection.org_id, connection.pk, now=now)
    topics = inbox.list_topics(connection.org_id, connection.pk)
    return WebhooksOut(
        state=silence.state,
        unannounced=silence.changes,
        last_announced_at=silence.last_at,
        lag_secs=health.lag.total_seconds(),
        counts=health.counts,
        topics=[
            TopicOut(
                topic=one.topic, deliveries=one.deliveries, last_received_at=one.last_received_at
            )
            for one in topics
        ],
    )


@router.post("/{id:connection_id}/webhooks/test", response=SelfTestOut)
def send_test_event(
    request: MemberRequest, connection_id: int, body: SelfTestIn | None = None
) -> SelfTestOut:
    """Send a signed ping through the public address; says which step failed, if any."""
    test = self_test.send_test_event(
        request.auth, connection_id=connection_id, secret=body.secret if body else "", now=utcnow()
    )
    steps = [
        StepOut(title=one.title, passed=one.passed, told=one.told, remedy=one.remedy or None)
        for one in test.steps
    ]
    return SelfTestOut(passed=test.passed, steps=steps)


def _permissions(connection: Connection) -> PermissionsOut:
    shown = [
        PermissionOut(
            key=one.permission.key,
            label=one.permission.label,
            purpose=one.permission.purpose,
            needed=one.permission.needed,
            granted=one.granted,
        )
        for one in queries.list_permissions(connection)
    ]
    return PermissionsOut(permissions=shown, checked_at=connection.permissions_checked_at)
