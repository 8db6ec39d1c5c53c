"""What people change about destinations and deliveries: one transaction each, with its audit."""

from pulsescore.delivery.actions.deliveries import retry
from pulsescore.delivery.actions.endpoints import delete_endpoint, rotate_secret, save_endpoint
from pulsescore.delivery.actions.slack_hooks import delete_slack_hook, save_slack_hook

__all__ = [
    "delete_endpoint",
    "delete_slack_hook",
    "retry",
    "rotate_secret",
    "save_endpoint",
    "save_slack_hook",
]
