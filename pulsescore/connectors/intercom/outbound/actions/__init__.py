"""What people do about sending: choose, stop, confirm, send, tag and undo."""

from pulsescore.connectors.intercom.outbound.actions.control import confirm, discard, resume, stop
from pulsescore.connectors.intercom.outbound.actions.manual import (
    refresh_customer,
    send_customer,
    tag_customer,
)
from pulsescore.connectors.intercom.outbound.actions.saving import OutboundWish, save_outbound
from pulsescore.connectors.intercom.outbound.actions.send_runs import request_send, stop_send
from pulsescore.connectors.intercom.outbound.actions.undoing import undo

__all__ = [
    "OutboundWish",
    "confirm",
    "discard",
    "refresh_customer",
    "request_send",
    "resume",
    "save_outbound",
    "send_customer",
    "stop",
    "stop_send",
    "tag_customer",
    "undo",
]
