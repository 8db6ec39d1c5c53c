"""The floor of an import: the same pages, downloaded with the same concurrency, not parsed.

The requests of a real import are taken from the simulator's log. Pages that one cursor read stay
in their order, since each needs the cursor of the one before; cursors run side by side.
"""

import asyncio
import json
import re
import time
from collections import defaultdict
from typing import Any

import aiohttp

CONCURRENCY = 16
CURSOR = re.compile(rb'"starting_after":\s*"([^"]+)"')
MOST_LOGGED = 20_000
Chain = list[dict[str, Any]]


async def logged_requests(simulator_url: str) -> list[dict[str, Any]]:
    """The simulator's requests, oldest first."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{simulator_url}/_sim/requests?limit={MOST_LOGGED}") as answer,
    ):
        return list(reversed((await answer.json())["requests"]))


async def forget_requests(simulator_url: str) -> None:
    """Start a new log."""
    async with (
        aiohttp.ClientSession() as session,
        session.delete(f"{simulator_url}/_sim/requests") as answer,
    ):
        await answer.read()


def chains(requests: list[dict[str, Any]]) -> list[Chain]:
    """Requests that follow one cursor, together; every other request by itself."""
    followed: dict[str, Chain] = defaultdict(list)
    for number, request in enumerate(requests):
        followed[_query_of(request) or str(number)].append(request)
    return list(followed.values())


async def download(simulator_url: str, wanted: list[Chain], *, token: str) -> float:
    """Seconds that it takes to download all chains and look at nothing but the cursors."""
    headers = {"Authorization": f"Bearer {token}", "Intercom-Version": "2.16"}
    slots = asyncio.Semaphore(CONCURRENCY)
    async with aiohttp.ClientSession(headers=headers) as session:
        began = time.perf_counter()
        await asyncio.gather(*(_follow(session, slots, simulator_url, chain) for chain in wanted))
        return time.perf_counter() - began


async def _follow(
    session: aiohttp.ClientSession, slots: asyncio.Semaphore, url: str, chain: Chain
) -> None:
    async with slots:
        cursor = ""
        for request in chain:
            page = await _fetch(session, url, request, cursor)
            found = CURSOR.search(page, max(0, len(page) - 600)) or CURSOR.search(page)
            cursor = found.group(1).decode() if found else ""


async def _fetch(
    session: aiohttp.ClientSession, url: str, request: dict[str, Any], cursor: str
) -> bytes:
    target = url + request["path"] + (f"?{request['query']}" if request["query"] else "")
    body = json.loads(request["body"]) if request["body"] else None
    if body and cursor:
        body.setdefault("pagination", {})["starting_after"] = cursor
    async with session.request(request["method"], target, json=body) as answer:
        return await answer.read()


def _query_of(request: dict[str, Any]) -> str:
    if not request["path"].endswith("/search"):
        return ""
    body = json.loads(request["body"])
    size = body.get("pagination", {}).pop("per_page", None)
    body.pop("pagination", None)
    return json.dumps([request["path"], size, body], sort_keys=True)
