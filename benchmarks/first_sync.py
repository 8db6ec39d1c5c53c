"""First import, 20,000 contacts and 40,000 conversations at 150 ms a request, until scored.

The floor is a bare client (aiohttp, nothing parsed) that downloads the same pages with the same
concurrency from the same simulator: no importer that reads all pages can be faster. For scale, one
sequential cursor over the same objects is measured as well.
"""

import argparse
import asyncio
import math
import time

from benchmarks import bare_download, report, world
from benchmarks.importing import Imported, import_workspace
from benchmarks.report import Result

LATENCY_MS = 150
TARGET = 1.5
TARGET_SEQUENTIAL = 8.0
PAGE = 150


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="160 contacts")
    small = parser.parse_args().small
    contacts = 160 if small else 20_000
    simulated = world.simulator(
        contacts=contacts, conversations=2 * contacts, latency_ms=LATENCY_MS
    )
    with simulated as url, world.database():
        imported = import_workspace()
        results = asyncio.run(compare(url, imported, small=small))
    report.show(results)


async def compare(url: str, imported: Imported, *, small: bool) -> list[Result]:
    """The import against the bare download and against one cursor."""
    requests = await bare_download.logged_requests(url)
    floor = await bare_download.download(url, bare_download.chains(requests), token=world.TOKEN)
    pages = math.ceil(imported.contacts / PAGE) + math.ceil(imported.conversations / PAGE)
    sequential = await one_cursor(url, pages=min(pages, 40)) * pages / min(pages, 40)
    ratio, speedup = imported.seconds / floor, sequential / imported.seconds
    work = f"{imported.contacts:,} contacts + {imported.conversations:,} conversations, 150 ms"
    halves = f"import {imported.import_seconds:.2f} s, scores {imported.score_seconds:.2f} s"
    where = f"{len(requests)} requests; {halves}"
    return [
        Result(
            name="first_sync",
            work=work,
            measured=imported.seconds,
            floor=floor,
            ratio=ratio,
            unit="s",
            target=f"≤ {TARGET} × the bare download",
            passed=None if small else ratio <= TARGET,
            remark=where,
        ),
        Result(
            name="first_sync_cursor",
            work="the same against one sequential cursor",
            measured=imported.seconds,
            floor=sequential,
            ratio=speedup,
            unit="s",
            target=f"≥ {TARGET_SEQUENTIAL:.0f} × faster",
            passed=None if small else speedup >= TARGET_SEQUENTIAL,
            remark=f"{pages} pages of {PAGE}, each after the one before",
        ),
    ]


async def one_cursor(url: str, *, pages: int) -> float:
    """Seconds for that many pages of conversations, each asked for after the one before."""
    query = {"field": "created_at", "operator": ">", "value": 0}
    body = bare_download.json.dumps({"query": query, "pagination": {"per_page": PAGE}})
    page = {"method": "POST", "path": "/conversations/search", "query": "", "body": body}
    began = time.perf_counter()
    await bare_download.download(url, [[page] * pages], token=world.TOKEN)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
