"""Every call that writes is refused over a read-only connection, before a socket opens."""

import asyncio
import inspect
from typing import Any

import msgspec
import pytest

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    AlreadyThere,
    RequestRefused,
    WriteRefused,
    classify,
)
from pulsescore.connectors.intercom.api.session import Session
from pulsescore.connectors.intercom.api.writes import Writes

WRITES = [name for name, _ in inspect.getmembers(Writes, inspect.isfunction) if name[0] != "_"]


def arguments(method: Any) -> dict[str, Any]:
    kinds: dict[str, Any] = {"fields": {}, "metadata": {}, "created_at": 1}
    named = inspect.signature(method).parameters.values()
    return {one.name: kinds.get(one.name, "x") for one in named if one.name != "self"}


@pytest.mark.parametrize("name", WRITES)
async def test_a_writing_call_over_a_read_only_connection_opens_no_socket(name: str) -> None:
    connected: list[int] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(1)
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with IntercomClient(Session(base_url=url, token="t", writable=False)) as client:
        method = getattr(client, name)
        with pytest.raises(WriteRefused):
            await method(**arguments(method))
    server.close()
    assert connected == []


def test_there_are_writing_calls() -> None:
    assert {"create_contact", "send_event", "save_tag", "save_company"} <= set(WRITES)


@pytest.mark.parametrize(
    ("message", "archived"),
    [
        ("A contact matching those details already exists with id=66f0a1", False),
        ("An archived contact matching those details already exists with id=66f0a1", True),
    ],
)
def test_a_duplicate_names_the_contact_that_exists(message: str, *, archived: bool) -> None:
    fault = refusal(409, code="conflict", message=message)
    assert isinstance(fault, AlreadyThere)
    assert (fault.contact_id, fault.is_archived) == ("66f0a1", archived)


def test_a_conflict_that_names_nobody_is_a_plain_refusal() -> None:
    fault = refusal(409, code="resource_conflict", message="Try again")
    assert type(fault) is RequestRefused


def refusal(status: int, *, code: str, message: str) -> Exception:
    body = {"type": "error.list", "errors": [{"code": code, "message": message}]}
    return classify(
        method="POST",
        path="/contacts",
        status=status,
        headers={},
        body=msgspec.json.encode(body),
    )
