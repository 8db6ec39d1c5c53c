"""What a person may do to a connection: connect, change its settings, disconnect."""

from pulsescore.connectors.intercom.actions.connecting import connect_with_code, connect_with_token
from pulsescore.connectors.intercom.actions.disconnecting import disconnect
from pulsescore.connectors.intercom.actions.permissions import check_permissions
from pulsescore.connectors.intercom.actions.settings import UNCHANGED, update_settings

__all__ = [
    "UNCHANGED",
    "check_permissions",
    "connect_with_code",
    "connect_with_token",
    "disconnect",
    "update_settings",
]
