"""Which addresses are public, and how long another service may have us wait."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from pulsescore.core.errors import TransientError
from pulsescore.core.outbound import Answer, TargetRefused, is_public, open_session, post

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 (nothing listens here)
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_addresses_of_our_own_network_are_not(address: str) -> None:
    assert not is_public(address)


class Rebinding(AbstractResolver):
    """A name that somebody else's name server points into our network."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=0, flags=0)
        ]

    async def close(self) -> None:
        return None


async def attempt(url: str, *, rebinding: bool = False) -> Answer:
    async with open_session(allow_private=False) as session:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        if rebinding:
            session.connector._resolver = Rebinding()
        return await post(session, url, body=b"{}", headers={})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://[::1]:9/", "http://[::ffff:127.0.0.1]:9/", "http:///"]
)
async def test_private_addresses_are_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(TargetRefused):
        await attempt(url)


async def test_a_name_that_leads_into_our_network_is_refused() -> None:
    with pytest.raises(TargetRefused, match="private network"):
        await attempt("https://hooks.example.com/", rebinding=True)


async def test_what_is_not_there_is_tried_again() -> None:
    async with open_session(allow_private=True) as session:
        with pytest.raises(TransientError, match="No connection"):
            await post(session, "http://127.0.0.1:9/", body=b"{}", headers={})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("99999999999999999999", NOW + timedelta(days=1)),
        ("Wed, 10 Jun 2026 13:00:00 GMT", NOW + timedelta(hours=1)),
        ("Wed, 10 Jun 2099 13:00:00 GMT", NOW + timedelta(days=1)),
        ("soon", None),
        ("", None),
    ],
)
def test_when_to_come_again_is_believed_within_a_day(told: str, expected: datetime | None) -> None:
    assert Answer(503, "", told).retry_at(NOW) == expected
