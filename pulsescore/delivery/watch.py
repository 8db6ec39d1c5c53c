"""What the endpoints of an organization need to learn of scores."""

from pulsescore.delivery.events import LEVEL_CHANGED, SCORE_CHANGED
from pulsescore.delivery.queries import subscribed
from pulsescore.scoring import watching
from pulsescore.scoring.watching import Watch

WATCHER = "webhooks"


def save_watch_of(org_id: int) -> None:
    """Have scores watched for the endpoints as they are now, in the transaction of the change."""
    watch = Watch(
        any_change=bool(subscribed(org_id, SCORE_CHANGED)),
        levels=bool(subscribed(org_id, LEVEL_CHANGED)),
    )
    watching.save_watch(org_id, WATCHER, watch)
