"""Pure: the events that outgoing webhooks can carry."""

from typing import Final

ALERT_FIRED: Final = "alert.fired"
ALERT_RESOLVED: Final = "alert.resolved"
SCORE_CHANGED: Final = "customer.score_changed"
LEVEL_CHANGED: Final = "customer.level_changed"
SEGMENT_ENTERED: Final = "segment.entered"
SEGMENT_LEFT: Final = "segment.left"
TEST: Final = "test"

# What an endpoint can subscribe to, and what each is about.
SUBSCRIBABLE: Final = {
    ALERT_FIRED: "A rule fired that tells webhooks",
    ALERT_RESOLVED: "What such a rule fired for is over",
    SCORE_CHANGED: "A customer's score changed",
    LEVEL_CHANGED: "A customer's risk level changed",
    SEGMENT_ENTERED: "A customer entered a segment",
    SEGMENT_LEFT: "A customer left a segment",
}
