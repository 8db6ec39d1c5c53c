"""Read only: a request that could write is refused before a socket opens."""

import asyncio

import pytest

from pulsescore.connectors.intercom.api import guard
from pulsescore.connectors.intercom.api.errors import WriteRefused
from pulsescore.connectors.intercom.api.session import Session

WRITES = [
    ("POST", "/contacts"),
    ("PUT", "/contacts/1"),
    ("DELETE", "/contacts/1"),
    ("PATCH", "/contacts/1"),
    ("POST", "/contacts/search/1"),
    ("POST", "/contacts/merge"),
    ("POST", "/tags"),
    ("POST", "/events"),
    ("POST", "/companies"),
    ("POST", "/conversations/1/reply"),
    ("POST", "//contacts/search"),
    ("get", "/me"),
]


@pytest.fixture
async def listener() -> tuple[str, list[int]]:
    """A server that counts who connects."""
    connected: list[int] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", connected


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_no_socket_opens_for_a_write(
    listener: tuple[str, list[int]], method: str, path: str
) -> None:
    url, connected = listener
    async with Session(base_url=url, token="t", writable=False) as session:
        with pytest.raises(WriteRefused) as refusal:
            await session.request(method, path, read=bytes, json={})
    assert refusal.value.failure.code == "read_only"
    assert connected == []


async def test_two_way_lets_a_write_through(listener: tuple[str, list[int]]) -> None:
    url, connected = listener
    async with Session(base_url=url, token="t", writable=True) as session:
        assert await session.request("POST", "/tags", read=bytes, json={}) == b"{}"
    assert connected == [1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("POST", "/contacts/search"),
        ("POST", "/conversations/search"),
        ("POST", "/companies/list"),
    ],
)
async def test_reads_pass(listener: tuple[str, list[int]], method: str, path: str) -> None:
    url, connected = listener
    async with Session(base_url=url, token="t", writable=False) as session:
        await session.request(method, path, read=bytes)
    assert connected == [1]


def test_the_guard_knows_reads_by_method_and_exact_path() -> None:
    assert guard.is_read("POST", "/contacts/search")
    assert not any(guard.is_read(method, path) for method, path in WRITES)
