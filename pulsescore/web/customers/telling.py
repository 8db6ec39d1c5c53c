"""Entries of a timeline as sentences. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pulsescore.web.words import level_in_words

Properties = Mapping[str, Any]

SOURCES: Final = {
    "intercom": "Intercom",
    "pulsescore": "PulseScore",
    "ingest": "Your product",
}
_SCORES: Final = ("score", "level")


def sentence(name: str, properties: Properties) -> str:
    """What happened, in a sentence; an event of the customer's own product keeps its name."""
    tell = _SENTENCES.get(name)
    return tell(properties) if tell else name


def words_of(properties: Properties) -> str:
    """What was said: the message or the note."""
    return _text(properties.get("message")) or _text(properties.get("note"))


def source_in_words(source: str) -> str:
    """Where an entry comes from."""
    return SOURCES.get(source, source.capitalize())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _to(properties: Properties) -> str:
    name = _text(properties.get("assignee_name"))
    return f" to {name}" if name else ""


def _by(properties: Properties) -> str:
    name = _text(properties.get("author"))
    return f" by {name}" if name else ""


def _tags(properties: Properties) -> str:
    tags = properties.get("tags_added")
    return ", ".join(map(str, tags)) if isinstance(tags, list) else ""


def _score_changed(properties: Properties) -> str:
    before, after = properties.get("score_before"), properties.get("score")
    if not isinstance(before, int) or not isinstance(after, int):
        return "The score changed"
    return f"The score {'fell' if after < before else 'rose'} from {before} to {after}"


def _level_changed(properties: Properties) -> str:
    before = level_in_words(_text(properties.get("risk_level_before")))
    after = level_in_words(_text(properties.get("risk_level")))
    return f"{before} → {after}"


def _first_score(properties: Properties) -> str:
    level = level_in_words(_text(properties.get("risk_level")))
    return f"First score: {properties.get('score', 'unknown')}, {level}"


def _overridden(properties: Properties) -> str:
    level = level_in_words(_text(properties.get("risk_level")))
    by, reason = _text(properties.get("by")), _text(properties.get("reason"))
    who = f"{by} set" if by else "Somebody set"
    why = f": {reason}" if reason else ""
    return f"{who} the score to {properties.get('score', 'unknown')}, {level}{why}"


def _override_ended(properties: Properties) -> str:
    by, after = _text(properties.get("by")), properties.get("score")
    how = f"{by} ended the override" if by else "The override ended"
    now = f"the score is {after} again" if isinstance(after, int) else "there is no score again"
    return f"{how}; {now}"


def _plain(words: str) -> Callable[[Properties], str]:
    return lambda _properties: words


_SENTENCES: Final[Mapping[str, Callable[[Properties], str]]] = {
    "User started conversation": _plain("Started a conversation"),
    "User replied to conversation": _plain("Replied"),
    "Admin replied to conversation": _plain("We replied"),
    "Admin started conversation": _plain("We started a conversation"),
    "Admin assigned conversation": lambda told: f"The conversation was assigned{_to(told)}",
    "Admin opened conversation": _plain("We opened the conversation again"),
    "Admin closed conversation": _plain("We closed the conversation"),
    "Admin snoozed conversation": _plain("We snoozed the conversation"),
    "Admin unsnoozed conversation": _plain("The conversation came back from its snooze"),
    "Admin added note to conversation": lambda told: f"A note was added in Intercom{_by(told)}",
    "Conversation Part Tag Added": lambda told: f"A message was tagged {_tags(told)}".rstrip(),
    "Conversation Part Redacted": _plain("A message was redacted"),
    "Added Tag": lambda told: f"Tagged {_text(told.get('tag'))}".rstrip(),
    "Removed Tag": lambda told: f"Tag {_text(told.get('tag'))} removed".replace("  ", " "),
    "Updated email address": lambda told: (
        f"The e-mail address became {_text(told.get('email')) or 'another one'}"
    ),
    "Unsubscribed from emails": _plain("Unsubscribed from e-mails"),
    "Score overridden": _overridden,
    "Override ended": _override_ended,
    "First health score": _first_score,
    "Health score changed": _score_changed,
    "Risk level changed": _level_changed,
}
