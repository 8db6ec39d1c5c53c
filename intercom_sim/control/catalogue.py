"""All actions by name, and how to call one with arguments from JSON or a form."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import msgspec

from intercom_sim.actions import (
    attributes,
    companies,
    contacts,
    conversations,
    events,
    inbox,
    scenes,
    subscriptions,
    tags,
    visitors,
)
from intercom_sim.control.errors import ControlError
from intercom_sim.workspace import Workspace

Action = Callable[..., Any]
ACTIONS: dict[str, Action] = {
    one.__name__: one
    for one in (
        conversations.start_conversation,
        conversations.start_outreach,
        conversations.customer_reply,
        conversations.admin_reply,
        conversations.bot_reply,
        conversations.add_note,
        conversations.mark_read,
        inbox.close,
        inbox.reopen,
        inbox.assign,
        inbox.snooze,
        inbox.unsnooze,
        inbox.rate,
        inbox.prioritize,
        inbox.tag_conversation,
        inbox.untag_conversation,
        inbox.redact,
        inbox.add_participant,
        inbox.remove_participant,
        inbox.delete_conversation,
        contacts.create_contact,
        contacts.update_contact,
        contacts.change_email,
        contacts.unsubscribe,
        contacts.seen,
        contacts.tag_contact,
        contacts.untag_contact,
        contacts.add_contact_note,
        contacts.sign_up,
        contacts.archive,
        contacts.unarchive,
        contacts.delete_contact,
        contacts.merge,
        contacts.block,
        tags.rename_tag,
        tags.delete_tag,
        tags.tag_company,
        attributes.declare_attribute,
        subscriptions.choose_subscription,
        subscriptions.forget_subscription,
        visitors.visit_site,
        visitors.convert_visitor,
        companies.save_company,
        companies.update_company,
        companies.delete_company,
        companies.attach,
        companies.detach,
        events.track,
        scenes.complain,
        scenes.clear_desk,
    )
}


def perform(workspace: Workspace, name: str, arguments: Mapping[str, Any]) -> Any:
    """Do the action; raises `ControlError` for wrong names, `ActionError` if it cannot be done."""
    action = ACTIONS.get(name)
    if action is None:
        raise ControlError(f"there is no action {name!r}", status=404)
    wanted = parameters(action)
    unknown = sorted(set(arguments) - set(wanted))
    missing = sorted(
        one.name
        for one in wanted.values()
        if one.default is inspect.Parameter.empty and one.name not in arguments
    )
    if unknown or missing:
        words = [f"unknown: {', '.join(unknown)}"] if unknown else []
        words += [f"missing: {', '.join(missing)}"] if missing else []
        raise ControlError(f"{name}: {'; '.join(words)}")
    return action(workspace, **_converted(action, arguments))


def parameters(action: Action) -> dict[str, inspect.Parameter]:
    """What an action takes, the workspace left out."""
    known = dict(inspect.signature(action).parameters)
    known.pop("workspace")
    return known


def _converted(action: Action, arguments: Mapping[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(action)
    converted = {}
    for name, value in arguments.items():
        try:
            converted[name] = msgspec.convert(value, hints[name], strict=False)
        except msgspec.ValidationError as error:
            raise ControlError(f"{name}: {error}") from error
    return converted
