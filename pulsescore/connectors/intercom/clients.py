"""A client for a stored connection: its token unsealed, its region's address, its access mode."""

from django.conf import settings

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import CONNECTING, Patience
from pulsescore.connectors.intercom.api.session import REGION_URLS, OnFailure, Session
from pulsescore.connectors.intercom.api.wire import Wire
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.secrets import open_token


def api_url(region: str) -> str:
    """Where a region's API answers; one configured address serves all regions."""
    return settings.CONFIG.intercom_api_url or REGION_URLS[region]


def client_for(
    connection: Connection,
    *,
    on_failure: OnFailure | None = None,
    patience: Patience | None = None,
    timing: Timing | None = None,
    wire: Wire | None = None,
) -> IntercomClient:
    """A client, to be entered; raises `NotConnected` when there is no token (any more)."""
    return IntercomClient(
        Session(
            base_url=api_url(connection.region),
            token=open_token(connection),
            writable=connection.mode == Mode.TWO_WAY,
            patience=patience,
            timing=timing,
            on_failure=on_failure,
            wire=wire,
        )
    )


def probing_client(*, region: str, token: str) -> IntercomClient:
    """A read-only client for a token that is not stored yet; gives up soon, a person waits."""
    return IntercomClient(
        Session(base_url=api_url(region), token=token, writable=False, patience=CONNECTING)
    )
