"""Declaring custom attributes and changing what is declared."""

import re
from typing import Any, Literal

from intercom_sim.actions.errors import ActionError
from intercom_sim.model import DataAttribute
from intercom_sim.workspace import Workspace

MOST = 250
Type = Literal["string", "integer", "float", "boolean", "date"]
NAME = re.compile(r"[\w $€£¥-]{1,190}")
TYPES: dict[str, Type] = {
    "string": "string",
    "integer": "integer",
    "float": "float",
    "boolean": "boolean",
    "date": "date",
    "datetime": "date",
    "options": "string",
}


def declare_attribute(
    workspace: Workspace,
    *,
    model: Literal["contact", "company"],
    name: str,
    data_type: str,
    options: list[str] | None = None,
    description: str = "",
    messenger_writable: bool = False,
) -> DataAttribute:
    """A new custom attribute; names are unique for contacts and companies each."""
    with workspace.lock:
        _refuse(workspace, model=model, name=name, data_type=data_type, options=options or [])
        made = DataAttribute(
            model,
            name,
            name,
            TYPES[data_type],
            description=description,
            id=workspace.ids.number(),
            custom=True,
            messenger_writable=messenger_writable,
            options=list(options or []),
            created_at=workspace.now,
            updated_at=workspace.now,
            admin_id=next(iter(workspace.admins)),
        )
        workspace.attributes.append(made)
        return made


def _refuse(
    workspace: Workspace, *, model: str, name: str, data_type: str, options: list[str]
) -> None:
    if data_type not in TYPES:
        raise ActionError("Data Type isn't an option", reason="invalid")
    if not NAME.fullmatch(name):
        message = "the name may hold letters, digits, currency symbols, blanks and hyphens only"
        raise ActionError(message, reason="invalid")
    if data_type == "options" and len(options) < 2:
        raise ActionError("a list needs two options at least", reason="invalid")
    custom = [one for one in workspace.attributes if one.custom and not one.archived]
    if any(one.model == model and one.name == name for one in workspace.attributes):
        message = f"You already have '{name}' in your {model} data"
        raise ActionError(message, reason="invalid")
    if len(custom) >= MOST:
        raise ActionError(f"a workspace has {MOST} custom attributes at most", reason="invalid")


def find_attribute(workspace: Workspace, key: str) -> DataAttribute:
    """The custom attribute with that id."""
    custom = (one for one in workspace.attributes if one.custom)
    found = next((one for one in custom if str(one.id) == key), None)
    if found is None:
        message = "We couldn't find that data attribute to update"
        raise ActionError(message, reason="unknown", code="field_not_found")
    return found


def change_attribute(workspace: Workspace, key: str, **changes: Any) -> DataAttribute:
    """Another description, other options, archived or not; never another type."""
    with workspace.lock:
        found = find_attribute(workspace, key)
        for name, value in changes.items():
            setattr(found, name, value)
        found.updated_at = workspace.now
        return found


def is_depended_on(workspace: Workspace, attribute: DataAttribute) -> bool:
    """Whether a segment of the workspace asks for the attribute: "Paying" asks for the plan."""
    needs_plan = any(one.rule == "paying" for one in workspace.segments.values())
    return needs_plan and attribute.model == "contact" and attribute.name == "plan"
