"""How a conversation moves: every step appends a part and sets state, assignee and waiting time.

Pure: no clock, no workspace. The generator writes histories with these, the actions live ones.
"""

from intercom_sim.model import Conversation, Part, Priority, Rating, State


def say(conversation: Conversation, *, part_id: int, author: str, at: int, body: str) -> Part:
    """A visible message; a contact's one opens the conversation again."""
    by_contact = author.startswith("contact:")
    state: State = "open" if by_contact else conversation.state
    if by_contact:
        conversation.read = False
        conversation.snoozed_until = None
        if conversation.waiting_since is None:
            conversation.waiting_since = at
    elif author.startswith("admin:"):
        conversation.read = True
        conversation.waiting_since = None
    part = Part(part_id, "comment", at, author, body, state)
    return _append(conversation, part)


def note(conversation: Conversation, *, part_id: int, author: str, at: int, body: str) -> Part:
    """An internal remark; changes nothing else."""
    return _append(conversation, Part(part_id, "note", at, author, body, conversation.state))


def assign(
    conversation: Conversation, *, part_id: int, author: str, at: int, assignee: str | None
) -> Part:
    """Hand over to `admin:<id>` or `team:<id>`, or to nobody; a closed one opens again."""
    kind, _, one = (assignee or "").partition(":")
    if kind == "team":
        conversation.team_assignee_id = one
    else:
        conversation.admin_assignee_id = one or None
    reopens = conversation.state == "closed"
    part_kind = "assign_and_reopen" if reopens else "assignment"
    state: State = "open" if reopens else conversation.state
    part = Part(part_id, part_kind, at, author, None, state, assigned_to=assignee)
    return _append(conversation, part)


def close(
    conversation: Conversation, *, part_id: int, author: str, at: int, body: str | None = None
) -> Part:
    """Close, perhaps with a last word."""
    conversation.waiting_since = None
    conversation.snoozed_until = None
    return _append(conversation, Part(part_id, "close", at, author, body, "closed"))


def reopen(conversation: Conversation, *, part_id: int, author: str, at: int) -> Part:
    """Open again a closed one."""
    conversation.snoozed_until = None
    return _append(conversation, Part(part_id, "open", at, author, None, "open"))


def snooze(conversation: Conversation, *, part_id: int, author: str, at: int, until: int) -> Part:
    conversation.snoozed_until = until
    return _append(conversation, Part(part_id, "snoozed", at, author, None, "snoozed"))


def unsnooze(conversation: Conversation, *, part_id: int, author: str, at: int) -> Part:
    conversation.snoozed_until = None
    return _append(conversation, Part(part_id, "unsnoozed", at, author, None, "open"))


def prioritize(
    conversation: Conversation, *, part_id: int, author: str, at: int, priority: Priority
) -> Part:
    conversation.priority = priority
    state = conversation.state
    return _append(conversation, Part(part_id, "priority_changed", at, author, None, state))


def rate(
    conversation: Conversation, *, contact_id: str, at: int, rating: int, remark: str
) -> Rating:
    """The contact's verdict, on whoever the conversation was assigned to."""
    admin_id = conversation.admin_assignee_id or "0"
    given = Rating(at, rating, remark, at, contact_id, admin_id)
    conversation.rating = given
    return given


def _append(conversation: Conversation, part: Part) -> Part:
    conversation.parts.append(part)
    conversation.state = part.state
    return part
