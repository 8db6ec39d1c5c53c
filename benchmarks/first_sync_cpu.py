"""The first import again, from a simulator that answers at once: what our own work costs.

The floor is the bare download of the same pages plus a plain COPY of the same rows into tables of
the same shape, one after the other: reading and writing with nothing in between.
"""

import argparse
import asyncio

from benchmarks import bare_download, plain_copy, report, world
from benchmarks.importing import Imported, import_workspace
from benchmarks.report import Result

TARGET = 2.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="160 contacts")
    small = parser.parse_args().small
    contacts = 160 if small else 20_000
    with (
        world.simulator(contacts=contacts, conversations=2 * contacts) as url,
        world.database() as database_url,
    ):
        imported = import_workspace()
        downloaded = asyncio.run(bare_seconds(url))
        copied = plain_copy.copy_seconds(database_url)
    report.show([result(imported, downloaded, copied, small=small)])


async def bare_seconds(url: str) -> float:
    """Seconds of the bare download."""
    requests = await bare_download.logged_requests(url)
    return await bare_download.download(url, bare_download.chains(requests), token=world.TOKEN)


def result(imported: Imported, downloaded: float, copied: float, *, small: bool) -> Result:
    """The import against its floor."""
    floor = downloaded + copied
    ratio = imported.seconds / floor
    halves = f"import {imported.import_seconds:.2f} s, scores {imported.score_seconds:.2f} s"
    return Result(
        name="first_sync_cpu",
        work=f"{imported.contacts:,} contacts + {imported.conversations:,} conversations, 0 ms",
        measured=imported.seconds,
        floor=floor,
        ratio=ratio,
        unit="s",
        target=f"≤ {TARGET} × download + COPY",
        passed=None if small else ratio <= TARGET,
        remark=f"{halves}; floor: download {downloaded:.2f} s, COPY {copied:.2f} s",
    )


if __name__ == "__main__":
    main()
