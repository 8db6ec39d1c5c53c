"""Deliveries as lists show them: to whom, how it stands, and whether it can be sent again."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from pulsescore.delivery.models import Channel, Delivery, DeliveryState


class DeliveryLine(NamedTuple):
    """A delivery with its destination in words."""

    row: Delivery
    to: str
    is_failed: bool
    is_waiting: bool


def delivery_lines(deliveries: Iterable[Delivery]) -> list[DeliveryLine]:
    """Lines of deliveries, in their order."""
    return [
        DeliveryLine(
            row,
            _destination(row),
            is_failed=row.state == DeliveryState.FAILED,
            is_waiting=row.state == DeliveryState.PENDING,
        )
        for row in deliveries
    ]


def host_of(url: str) -> str:
    """The host of an address; its path may hold a secret of the receiver's."""
    return urlsplit(url).hostname or url


def _destination(row: Delivery) -> str:
    if row.channel == Channel.EMAIL:
        return (row.user.get_full_name() or row.user.email) if row.user else "somebody who left"
    if row.channel == Channel.SLACK:
        return row.slack.name if row.slack else "a channel that was removed"
    return host_of(row.endpoint.url) if row.endpoint else "an endpoint that was removed"
