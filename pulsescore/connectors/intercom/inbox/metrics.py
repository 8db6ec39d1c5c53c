"""What came in by webhook, counted for Prometheus."""

from prometheus_client import Counter

RECEIVED = Counter(
    "pulsescore_intercom_webhooks",
    "Notifications that arrived, by what became of them",
    ["outcome"],
)
WORKED_ON = Counter(
    "pulsescore_intercom_notifications",
    "Stored notifications worked on, by what became of them",
    ["outcome"],
)
REFETCHED = Counter(
    "pulsescore_intercom_refetches", "Objects read again because of a notification", ["outcome"]
)
