"""Calls of our own programs in Segment's protocol: who, what and when is made up from numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pulsescore.ingest.calls import Call
from tests.twoway.tables import EVENTS

VALUES: tuple[Any, ...] = (None, "", "gold", "silver", False, True, 0, 7, "x" * 300)
_TRUTHS = (None, True, False, "yes", "no")
_PEOPLE = 6


@dataclass(frozen=True)
class Said:
    """One call: its kind, who makes it, how, how many seconds ago, and the message's number."""

    kind: str
    who: int
    how: int
    ago: float
    message: int


def call_of(said: Said, *, now: datetime) -> Call:
    """The call as the endpoint takes it in."""
    who = said.who % _PEOPLE
    told: dict[str, Any] = {
        "message_id": f"m{said.message}",
        # No two calls are of the same instant.
        "at": now - timedelta(seconds=said.ago, microseconds=said.message),
    }
    return Call(**told, **_KINDS[said.kind](who, said.how, said.message))


def email_of(who: int, how: int) -> str:
    """Mostly a person's own address, which people of the workspace bear as well."""
    return f"person{1 + (who if how % 5 else who + 3) % 7}@example.com"


def _identify(who: int, how: int, message: int) -> dict[str, Any]:
    traits = {"level": VALUES[how % len(VALUES)], "vip": _TRUTHS[how % len(_TRUTHS)]}
    if how % 3:
        traits["email"] = email_of(who, how)
    if how % 4 == 0:
        traits["region"] = VALUES[(how + message) % len(VALUES)]
    if how % 6 == 0:
        traits["size"] = how
    return {"type": "identify", "user_id": f"u{who}", "traits": traits}


def _visitor(who: int, how: int, message: int) -> dict[str, Any]:
    """A browser tells an address, or who logged in there."""
    told = _identify(who, how, message)
    if how % 2:
        return {**told, "anonymous_id": f"a{who}"}
    return {**told, "user_id": None, "anonymous_id": f"a{who}"}


def _track(who: int, how: int, message: int) -> dict[str, Any]:
    by = {"anonymous_id": f"a{who}"} if how % 4 == 0 else {"user_id": f"u{who}"}
    name = EVENTS[how % len(EVENTS)]
    return {"type": "track", **by, "name": name, "properties": {"n": message, "deep": {"a": 1}}}


def _group(who: int, how: int, message: int) -> dict[str, Any]:
    traits = {"name": f"Group {how}"} if how % 3 else {}
    return {"type": "group", "user_id": f"u{who}", "group_id": f"c{how % 3}", "traits": traits}


def _alias(who: int, how: int, message: int) -> dict[str, Any]:
    return {"type": "alias", "user_id": f"u{who}", "previous_id": f"a{who}"}


_KINDS = {
    "identify": _identify,
    "visitor": _visitor,
    "track": _track,
    "group": _group,
    "alias": _alias,
}
KINDS = tuple(_KINDS)
