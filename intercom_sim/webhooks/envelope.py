"""What every notification is wrapped in."""

import uuid
from typing import Any


def envelope(topic: str, item: Any, *, app_id: str, at: float) -> dict[str, Any]:
    """The notification; a ping has no id."""
    moment = int(at)
    return {
        "type": "notification_event",
        "app_id": app_id,
        "data": {"type": "notification_event_data", "item": item},
        "links": {},
        "id": None if topic == "ping" else f"notif_{uuid.uuid4()}",
        "topic": topic,
        "delivery_status": "pending",
        "delivery_attempts": 1,
        "delivered_at": 0,
        "first_sent_at": moment,
        "created_at": moment,
        "self": None,
    }
