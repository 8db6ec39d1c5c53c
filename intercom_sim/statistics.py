"""A conversation's statistics, worked out from its history alone.

The workspace keeps no office hours, so every duration is a plain difference of times.
"""

from dataclasses import dataclass, field
from statistics import median

from intercom_sim.model import Conversation, Part

SPOKEN = ("comment", "quick_reply", "assignment", "open", "close", "snoozed")
ASSIGNED = ("assignment", "assign_and_reopen")
ADMIN, CONTACT, BOT = "admin:", "contact:", "bot:"


@dataclass(slots=True)
class Statistics:
    """Times are unix seconds, durations seconds; `None` means that it never happened."""

    time_to_assignment: int | None = None
    time_to_admin_reply: int | None = None
    time_to_first_close: int | None = None
    time_to_last_close: int | None = None
    median_time_to_reply: int | None = None
    first_contact_reply_at: int | None = None
    first_assignment_at: int | None = None
    first_admin_reply_at: int | None = None
    first_close_at: int | None = None
    last_assignment_at: int | None = None
    last_assignment_admin_reply_at: int | None = None
    last_contact_reply_at: int | None = None
    last_admin_reply_at: int | None = None
    last_close_at: int | None = None
    last_closed_by_id: str | None = None
    count_reopens: int = 0
    count_assignments: int = 0
    count_conversation_parts: int = 0


@dataclass(slots=True)
class _Walk:
    """Where the walk through a history stands."""

    result: Statistics
    state: str = "open"
    waiting_since: int | None = None
    answer_times: list[int] = field(default_factory=list)
    unanswered_assignment: bool = False


def derive(conversation: Conversation) -> Statistics | None:
    """The statistics; none while a conversation that we began is unanswered."""
    source = conversation.source
    walk = _Walk(Statistics(count_conversation_parts=len(conversation.parts)))
    if source.author.startswith(CONTACT):
        _contact_spoke(walk, conversation.created_at)
    for part in conversation.parts:
        _step(walk, part, started_at=conversation.created_at)
    silent = walk.result.first_contact_reply_at is None
    if conversation.without_statistics or silent:
        return None
    if walk.answer_times:
        walk.result.median_time_to_reply = int(median(walk.answer_times))
    return walk.result


def _step(walk: _Walk, part: Part, *, started_at: int) -> None:
    if part.kind in SPOKEN and part.body is not None:
        if part.author.startswith(CONTACT):
            _contact_spoke(walk, part.created_at)
        elif part.author.startswith(ADMIN):
            _admin_spoke(walk, part.created_at, started_at=started_at)
    if part.kind in ASSIGNED:
        _assigned(walk, part.created_at, started_at=started_at)
    if part.state == "closed" and walk.state != "closed":
        _closed(walk, part, started_at=started_at)
    elif walk.state == "closed" and part.state == "open":
        walk.result.count_reopens += 1
    walk.state = part.state


def _contact_spoke(walk: _Walk, at: int) -> None:
    if walk.result.first_contact_reply_at is None:
        walk.result.first_contact_reply_at = at
    walk.result.last_contact_reply_at = at
    if walk.waiting_since is None:
        walk.waiting_since = at


def _admin_spoke(walk: _Walk, at: int, *, started_at: int) -> None:
    result = walk.result
    result.last_admin_reply_at = at
    if walk.unanswered_assignment:
        result.last_assignment_admin_reply_at = at
        walk.unanswered_assignment = False
    if walk.waiting_since is not None:
        walk.answer_times.append(at - walk.waiting_since)
        walk.waiting_since = None
    if result.first_admin_reply_at is None:
        result.first_admin_reply_at = at
        result.time_to_admin_reply = at - _origin(result, started_at)


def _assigned(walk: _Walk, at: int, *, started_at: int) -> None:
    result = walk.result
    result.count_assignments += 1
    result.last_assignment_at = at
    walk.unanswered_assignment = True
    if result.first_assignment_at is None:
        result.first_assignment_at = at
    if result.first_admin_reply_at is None:
        result.time_to_assignment = at - _origin(result, started_at)


def _closed(walk: _Walk, part: Part, *, started_at: int) -> None:
    result = walk.result
    result.last_close_at = part.created_at
    result.last_closed_by_id = part.author.partition(":")[2]
    result.time_to_last_close = part.created_at - _origin(result, started_at)
    walk.waiting_since = None
    if result.first_close_at is None:
        result.first_close_at = part.created_at
        result.time_to_first_close = result.time_to_last_close


def _origin(result: Statistics, started_at: int) -> int:
    first = result.first_contact_reply_at
    return started_at if first is None else first
