"""Rows of the write log, of refused values and of a plan as pages show them."""

from collections.abc import Iterable
from typing import Any

from pulsescore.connectors.intercom.outbound.actions.undoing import why_not
from pulsescore.connectors.intercom.outbound.dry_run import PlannedWrite
from pulsescore.connectors.intercom.outbound.models import WithheldValue, WriteRecord
from pulsescore.web.integrations.write_words import (
    CUSTOM,
    DiffLine,
    diff_lines,
    kind_words,
    planned_words,
    shown,
)


def write_lines(rows: Iterable[WriteRecord]) -> list[dict[str, Any]]:
    """Writes, each as a diff, with why it cannot be undone where it cannot."""
    return [
        {
            "row": row,
            "words": kind_words(row.kind),
            "about": row.customer or row.company,
            "diff": diff_lines(row.before, row.after),
            "may_undo": not why_not(row),
        }
        for row in rows
    ]


def refused_lines(rows: Iterable[WithheldValue]) -> list[dict[str, Any]]:
    """Values that are not sent."""
    return [
        {
            "row": row,
            "about": row.customer or row.company,
            "name": _key_words(row.key),
            "value": "" if ":" in row.key else shown(row.value),
        }
        for row in rows
    ]


def planned_lines(writes: Iterable[PlannedWrite]) -> list[dict[str, Any]]:
    """What would be written, each as a diff; tags come and go as lines of their own."""
    return [
        {
            "row": one,
            "words": planned_words(one.action),
            "diff": [
                *(
                    DiffLine(at.name.removeprefix(CUSTOM), shown(at.before), shown(at.after))
                    for at in one.changes
                ),
                *(DiffLine("tag", "", name) for name in one.tags_added),
                *(DiffLine("tag", name, "") for name in one.tags_removed),
            ],
            "cut": [name.removeprefix(CUSTOM) for name in one.cut],
            "refused": [(name.removeprefix(CUSTOM), reason) for name, reason in one.refused],
        }
        for one in writes
    ]


def _key_words(key: str) -> str:
    if key.startswith(("tag:", "untag:")):
        return "a tag"
    return "everything" if key == "*" else key.removeprefix(CUSTOM)
