"""Outside services, and connecting Intercom by its consent page."""

from django.conf import settings
from ninja import Router
from pydantic import BaseModel

from pulsescore.api.areas.connection_shapes import (
    ConnectionOut,
    ConnectionsOut,
    IntegrationOut,
    IntegrationsOut,
)
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.connectors.intercom import oauth, queries
from pulsescore.connectors.intercom.models import ConnectionStatus
from pulsescore.core.clock import utcnow

router = Router(tags=["Integrations"])

CALLBACK_PATH = "/integrations/intercom/callback"
# The callback page finds the attempt's nonce under this name in the browser session.
NONCE_KEY = "intercom_oauth_nonce"
NOT_CONNECTED = "not_connected"
# Of several connections the one that most needs to be seen speaks for all.
_LOUDEST_FIRST = (
    ConnectionStatus.NEEDS_ATTENTION,
    ConnectionStatus.SYNCING,
    ConnectionStatus.CONNECTED,
)


class ConnectOut(BaseModel):
    """Where the browser goes for consent."""

    url: str


@router.get("", response=IntegrationsOut, auth=member)
def list_integrations(request: MemberRequest) -> IntegrationsOut:
    """The services that can be connected, and how they stand."""
    connections = _connections(request.auth.org_id)
    status = _overall({connection.status for connection in connections})
    intercom = IntegrationOut(provider="intercom", status=status, connections=connections)
    return IntegrationsOut(integrations=[intercom])


@router.get("/intercom/status", response=ConnectionsOut, auth=member)
def get_status(request: MemberRequest) -> ConnectionsOut:
    """The organization's connections, each with its current or latest run and its counts."""
    return ConnectionsOut(connections=_connections(request.auth.org_id))


@router.get("/intercom/connect", response=ConnectOut, auth=admin)
def start_connecting(request: MemberRequest) -> ConnectOut:
    """The address of Intercom's consent page; valid ten minutes, in this browser session only."""
    person = request.auth.require_person()
    nonce = oauth.new_nonce()
    attempt = oauth.default_attempt(org_id=request.auth.org_id, user_id=person.pk)
    url = oauth.authorize_url(
        state=oauth.new_state(attempt, session_nonce=nonce, now=utcnow()),
        redirect_uri=settings.PUBLIC_URL + CALLBACK_PATH,
    )
    request.session[NONCE_KEY] = nonce
    return ConnectOut(url=url)


def _connections(org_id: int) -> list[ConnectionOut]:
    known = queries.list_connections(org_id)
    return [ConnectionOut(**queries.view_connection(connection)) for connection in known]


def _overall(statuses: set[str]) -> str:
    return next((str(status) for status in _LOUDEST_FIRST if status in statuses), NOT_CONNECTED)
