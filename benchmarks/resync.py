"""A full re-import that finds nothing changed, against the first import of the same workspace.

Both read the same pages from a simulator that answers at once. The second has nothing to write: no
row of data, no event, no score may be touched, which is looked up in the database afterwards.
"""

import argparse

from django.db import connection as database

from benchmarks import report, world
from benchmarks.importing import Imported, connect, run_import
from benchmarks.report import Result

TARGET = 3.0
UNTOUCHED = (
    "store_customer",
    "store_company",
    "store_conversation",
    "store_participant",
    "store_companymember",
    "store_timelineevent",
    "store_heldrecord",
    "scoring_healthscore",
    "scoring_scorepoint",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="160 contacts")
    small = parser.parse_args().small
    contacts = 160 if small else 20_000
    with world.simulator(contacts=contacts, conversations=2 * contacts), world.database():
        connection = connect()
        first = run_import(connection)
        before = {table: _versions(table) for table in UNTOUCHED}
        again = run_import(connection)
        touched = [told for table in UNTOUCHED if (told := _written(table, before[table]))]
    report.show([_result(first, again, touched, small=small)])


def _versions(table: str) -> set[tuple[str, str]]:
    """Of each row, which transaction wrote it and where it lies."""
    with database.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text, ctid::text FROM {table}")
        return set(cursor.fetchall())


def _written(table: str, before: set[tuple[str, str]]) -> str:
    """How many rows of a table were written or removed since, or nothing."""
    after = _versions(table)
    if after == before:
        return ""
    return f"{table} ({len(after - before)} rows, {len(after) - len(before):+} in all)"


def _result(first: Imported, again: Imported, touched: list[str], *, small: bool) -> Result:
    ratio = first.seconds / again.seconds
    written = f"written: {', '.join(touched)}" if touched else "nothing written"
    return Result(
        name="resync",
        work=f"{again.contacts:,} contacts + {again.conversations:,} conversations, unchanged",
        measured=again.seconds,
        floor=first.seconds,
        ratio=ratio,
        unit="s",
        target=f"≥ {TARGET} × faster than the first import, nothing written",
        passed=None if small else ratio >= TARGET and not touched,
        remark=written,
    )


if __name__ == "__main__":
    main()
