"""Requests to addresses that others chose: never into our own network, never redirected.

The check stands where a socket is made for an address that a name resolved to, so that a name that
resolves to something else the second time (DNS rebinding) is refused as well.
"""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from pulsescore import __version__
from pulsescore.core.errors import PermanentError, TransientError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Waiting for a free connection counts as well, so the whole is long; each step by itself is not.
_TIMEOUT: Final = aiohttp.ClientTimeout(total=100, sock_connect=5, sock_read=10)
_MOST_PER_HOST: Final = 4
_READ: Final = 500
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LONGEST_WAIT: Final = timedelta(hours=24)


class PrivateTarget(OSError):
    """The address belongs to a private network."""


class TargetRefused(PermanentError):
    """The address may not be sent to."""


@dataclass(frozen=True)
class Answer:
    """What the other side said: status, the beginning of its words, when to come again."""

    status: int
    text: str
    retry_after: str

    @property
    def is_success(self) -> bool:
        """Whether it took the message."""
        return 200 <= self.status < 300  # noqa: PLR2004

    def retry_at(self, now: datetime) -> datetime | None:
        """When it wants to be tried again, at most a day from now; `None` if it did not say."""
        if self.retry_after.isascii() and self.retry_after.isdigit():
            waits = timedelta(seconds=min(int(self.retry_after), _LONGEST_WAIT.total_seconds()))
            return now + waits
        try:
            told = parsedate_to_datetime(self.retry_after)
        except ValueError:
            return None
        return min(told if told.tzinfo else told.replace(tzinfo=UTC), now + _LONGEST_WAIT)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever form hides another in it."""
    found = _innermost(ipaddress.ip_address(address.partition("%")[0]))
    return found.is_global and not found.is_multicast


def open_session(*, allow_private: bool) -> aiohttp.ClientSession:
    """A session that makes sockets to public addresses only, unless private ones are allowed."""
    connector = aiohttp.TCPConnector(
        limit_per_host=_MOST_PER_HOST,
        socket_factory=_any_socket if allow_private else _public_socket,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=_TIMEOUT,
        headers={"User-Agent": f"PulseScore/{__version__}"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def post(
    session: aiohttp.ClientSession, url: str, *, body: bytes, headers: Mapping[str, str]
) -> Answer:
    """Send a body once. Raises `TargetRefused`, and `TransientError` where nothing answers."""
    try:
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            begun = await response.content.read(_READ)
            return Answer(
                response.status,
                begun.decode(errors="replace"),
                response.headers.get("Retry-After", ""),
            )
    except aiohttp.ClientConnectorError as fault:
        if _is_private(fault.os_error):
            raise TargetRefused("The address leads into a private network.") from None
        raise TransientError(f"No connection ({type(fault.os_error).__name__})") from None
    except (aiohttp.InvalidURL, ValueError):
        raise TargetRefused("The address cannot be read.") from None
    except TimeoutError:
        raise TransientError("No answer in time") from None
    except (aiohttp.ClientError, OSError) as fault:
        raise TransientError(f"The connection failed ({type(fault).__name__})") from None


def _public_socket(info: tuple[Any, ...]) -> socket.socket:
    if not is_public(str(info[4][0])):
        raise PrivateTarget("private address")
    return _any_socket(info)


def _any_socket(info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, *_ = info
    return socket.socket(family=family, type=kind, proto=protocol)


def _is_private(fault: BaseException | None) -> bool:
    while fault is not None:
        if isinstance(fault, PrivateTarget):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def _innermost(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    hidden = address.ipv4_mapped or address.sixtofour
    if hidden is None and address.teredo is not None:
        hidden = address.teredo[1]
    return hidden or address
