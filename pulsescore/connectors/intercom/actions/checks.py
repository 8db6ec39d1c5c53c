"""What the settings of a connection may be."""

from pulsescore.connectors.intercom.models import Mode, Region
from pulsescore.core.errors import FieldFault, Invalid

LONGEST_DAYS = 3650
SHORTEST_INTERVAL_SECS = 60
LONGEST_INTERVAL_SECS = 86_400
ALL_PERCENT = 100


def check_mode(mode: str) -> None:
    """Raises `Invalid` unless it is one of the access modes."""
    if mode not in Mode.values:
        raise Invalid(FieldFault("mode", "Choose read_only or two_way."))


def check_region(region: str | None) -> str | None:
    """The region in lower case, None to detect it; raises `Invalid`."""
    if not region:
        return None
    if region.lower() not in Region.values:
        raise Invalid(FieldFault("region", "Choose us, eu or au."))
    return region.lower()


def check_days(days: int) -> None:
    """Raises `Invalid` unless conversations of that many days can be read."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(FieldFault("conversation_days", f"Choose between 1 and {LONGEST_DAYS} days."))


def check_loss(percent: int) -> None:
    """Raises `Invalid` unless it is a share of what is held, in percent."""
    if not 1 <= percent <= ALL_PERCENT:
        raise Invalid(FieldFault("largest_loss_percent", "Choose between 1 and 100 percent."))


def check_interval(secs: int) -> None:
    """Raises `Invalid` unless syncing that often is sensible."""
    if not SHORTEST_INTERVAL_SECS <= secs <= LONGEST_INTERVAL_SECS:
        raise Invalid(
            FieldFault(
                "sync_interval_secs",
                f"Choose between {SHORTEST_INTERVAL_SECS} and {LONGEST_INTERVAL_SECS} seconds.",
            )
        )
