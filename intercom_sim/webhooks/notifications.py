"""Which notifications a change causes."""

from typing import Any

from intercom_sim.changes import Change
from intercom_sim.workspace import Workspace


GENERATIONS = ("current", "v2.14", "legacy", "guide")


def notifications(
    change: Change, *, generation: str, workspace: Workspace
) -> list[tuple[str, Any]]:
    """Topic and item of each notification of a change."""
    return []
