"""Changing conversations through the API."""

from intercom_sim.actions import conversations, inbox
from intercom_sim.model import Conversation
from intercom_sim.rest.call import Call, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, invalid
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.search.ranges import seconds
from intercom_sim.shapes.conversation import full_conversation_json
from intercom_sim.shapes.people import applied_tag_json


def reply(site: Site, call: Call) -> Reply:
    """A teammate's comment or note, or a contact's message."""
    conversation = site.conversation(call.params["conversation_id"])
    fields = call.fields()
    body = str(call.required("body"))
    with refusing():
        if fields.get("type") == "user":
            wanted = fields.get("intercom_user_id") or conversation.contact_ids[0]
            conversations.customer_reply(
                site.workspace, conversation.id, body=body, contact_id=str(wanted)
            )
        else:
            write = conversations.add_note
            if fields.get("message_type") != "note":
                write = conversations.admin_reply
            write(site.workspace, conversation.id, body=body, admin_id=_admin(site, call))
    return _shown(site, conversation)


def manage(site: Site, call: Call) -> Reply:
    """Close, open, snooze or assign."""
    conversation = site.conversation(call.params["conversation_id"])
    fields, workspace = call.fields(), site.workspace
    what, who = call.required("message_type"), _admin(site, call)
    with refusing():
        if what == "close":
            inbox.close(workspace, conversation.id, body=fields.get("body"), admin_id=who)
        elif what == "open":
            if conversation.state == "snoozed":
                inbox.unsnooze(workspace, conversation.id, admin_id=who)
            else:
                inbox.reopen(workspace, conversation.id, admin_id=who)
        elif what == "snoozed":
            until = seconds(call.required("snoozed_until"))
            inbox.snooze(workspace, conversation.id, until=until, admin_id=who)
        elif what == "assignment":
            assignee = _assignee(site, str(call.required("assignee_id")))
            inbox.assign(workspace, conversation.id, assignee=assignee, admin_id=who)
        else:
            raise invalid("message_type is not valid", field="message_type")
    return _shown(site, conversation)


def _admin(site: Site, call: Call) -> str:
    return site.admin(str(call.required("admin_id"))).id


def _assignee(site: Site, one: str) -> str | None:
    if one == "0":
        return None
    return f"team:{one}" if one in site.workspace.teams else f"admin:{one}"


def _shown(site: Site, conversation: Conversation) -> Reply:
    return as_json(full_conversation_json(conversation, workspace=site.workspace))


def add_tag(site: Site, call: Call) -> Reply:
    conversation = site.conversation(call.params["conversation_id"])
    tag = site.tag(str(call.required("id")))
    who = _admin(site, call)
    inbox.tag_conversation(site.workspace, conversation.id, name=tag.name, admin_id=who)
    return as_json(applied_tag_json(tag, conversation.tags[tag.id]))


def remove_tag(site: Site, call: Call) -> Reply:
    conversation = site.conversation(call.params["conversation_id"])
    tag = site.tag(call.params["tag_id"])
    _admin(site, call)
    if tag.id not in conversation.tags:
        raise ApiError(404, "tag_not_found", "Tag Not Found")
    applied = conversation.tags[tag.id]
    inbox.untag_conversation(site.workspace, conversation.id, name=tag.name)
    return as_json(applied_tag_json(tag, applied))


def delete(site: Site, call: Call) -> Reply:
    conversation = site.conversation(call.params["conversation_id"])
    keep = call.query.get("retain_metrics", "true") != "false"
    inbox.delete_conversation(site.workspace, conversation.id, retain_metrics=keep)
    return as_json({"id": conversation.id, "object": "conversation", "deleted": True})


ROUTES = (
    Route("POST", "/conversations/{conversation_id}/reply", reply),
    Route("POST", "/conversations/{conversation_id}/parts", manage),
    Route("POST", "/conversations/{conversation_id}/tags", add_tag),
    Route("DELETE", "/conversations/{conversation_id}/tags/{tag_id}", remove_tag),
    Route("DELETE", "/conversations/{conversation_id}", delete),
)
