"""Which notifications a change causes, in the generation that the app is set to."""

from typing import Any, Literal

from intercom_sim.changes import Change
from intercom_sim.webhooks.dialect import Dialect
from intercom_sim.webhooks.legacy import Legacy
from intercom_sim.webhooks.modern import Modern
from intercom_sim.webhooks.restlike import RestLike
from intercom_sim.webhooks.topics import CURRENT, GUIDE, LEGACY_LEADS, LEGACY_USERS, Table
from intercom_sim.workspace import Workspace

Generation = Literal["current", "v2.14", "legacy", "guide"]
GENERATIONS: tuple[Generation, ...] = ("current", "v2.14", "legacy", "guide")


def notifications(
    change: Change, *, generation: str, workspace: Workspace
) -> list[tuple[str, Any]]:
    """Topic and item of each notification of a change."""
    dialect = _dialect(generation, workspace)
    told = _table(generation, change).get(change.kind, ())
    role = "user" if change.contact is None else change.contact.role
    return [(topic.format(role=role), make(change, dialect)) for topic, make in told]


def _dialect(generation: str, workspace: Workspace) -> Dialect:
    if generation == "legacy":
        return Legacy(workspace)
    if generation == "guide":
        return RestLike(workspace)
    return Modern(workspace, old=generation == "v2.14")


def _table(generation: str, change: Change) -> Table:
    if generation == "legacy":
        is_lead = change.contact is not None and change.contact.role == "lead"
        return LEGACY_LEADS if is_lead else LEGACY_USERS
    return GUIDE if generation == "guide" else CURRENT
