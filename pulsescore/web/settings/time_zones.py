"""The time zones to choose from."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones() -> list[str]:
    """Names of places, as the time zone database has them, and UTC."""
    places = [name for name in available_timezones() if "/" in name and not _is_technical(name)]
    return ["UTC", *sorted(places)]


def _is_technical(name: str) -> bool:
    return name.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/"))
