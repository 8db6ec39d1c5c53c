"""Pure: Intercom's topics, settings and records as an admin reads them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from pulsescore.web.words import duration

_GROUPS: Final = (
    ("Contacts and their tags", ("contact.", "visitor.")),
    ("Conversations", ("conversation.", "conversation_part.")),
    ("Companies", ("company.",)),
    ("Events", ("event.",)),
)


class Delivered(Protocol):
    """What is known of a topic that was delivered."""

    topic: str
    deliveries: int
    last_received_at: datetime


class TopicState(NamedTuple):
    """A topic to subscribe, how often and when last it arrived."""

    name: str
    last_at: datetime | None
    deliveries: int = 0


class TopicGroup(NamedTuple):
    """Topics that concern the same thing; `text` is all their names, to copy."""

    title: str
    topics: list[TopicState]

    @property
    def text(self) -> str:
        """One name a line."""
        return "\n".join(topic.name for topic in self.topics)

    @property
    def arrived(self) -> int:
        """How many of them were ever delivered."""
        return sum(topic.last_at is not None for topic in self.topics)


def topic_groups(topics: Iterable[str], delivered: Iterable[Delivered]) -> list[TopicGroup]:
    """Topics by what they concern, each with its deliveries."""
    last = {one.topic: one for one in delivered}
    known = list(topics)
    return [
        TopicGroup(
            title, [_state(name, last.get(name)) for name in known if name.startswith(prefixes)]
        )
        for title, prefixes in _GROUPS
    ]


def topic_states(delivered: Iterable[Delivered], *, without: Iterable[str]) -> list[TopicState]:
    """Topics that arrived although nobody asked for them."""
    asked_for = set(without)
    return [_state(one.topic, one) for one in delivered if one.topic not in asked_for]


def _state(name: str, one: Delivered | None) -> TopicState:
    return TopicState(name, one.last_received_at, one.deliveries) if one else TopicState(name, None)


KIND_NOUNS: Final = {
    "customer": ("contact", "contacts"),
    "conversation": ("conversation", "conversations"),
    "company": ("company", "companies"),
}
_MODES: Final = {"read_only": "Read only", "two_way": "Two-way"}
_SECRETS: Final = {"access_token": "access token", "webhook_secret": "webhook secret"}


def kind_in_words(kind: str) -> str:
    """What kind of record waits, with a capital."""
    return KIND_NOUNS.get(kind, ("record", ""))[0].capitalize()


def settings_in_words(details: Mapping[str, Any]) -> str:
    """Which settings were changed to what; secrets are only named."""
    told = []
    if mode := details.get("mode"):
        told.append(f"access is now {_MODES.get(mode, mode)}")
    if days := details.get("conversation_days"):
        told.append(f"{days} days of conversations")
    if secs := details.get("sync_interval_secs"):
        told.append(f"a sync every {duration(secs)}")
    if percent := details.get("largest_loss_percent"):
        told.append(f"at most {percent} % are believed to be gone at once")
    told += [f"new {_SECRETS.get(name, name)}" for name in details.get("replaced", ())]
    text = ", ".join(told)
    return text[:1].upper() + text[1:]
