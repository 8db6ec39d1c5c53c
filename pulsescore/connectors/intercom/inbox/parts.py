"""What the triggering part of a conversation payload tells: who wrote it, what, what it did."""

from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_object,
    as_objects,
    as_text,
)
from pulsescore.connectors.intercom.plain_text import plain_text

_REOPENING = frozenset({"open", "assign_and_reopen"})


def parts_in(item: JsonObject) -> list[JsonObject]:
    """The parts of a payload: webhooks carry only those that caused the notification."""
    held = as_object(item.get("conversation_parts"))
    return list(as_objects(held.get("conversation_parts")))


def last_part(item: JsonObject) -> JsonObject:
    """The part that caused the notification, or an empty one."""
    parts = parts_in(item)
    return parts[-1] if parts else {}


def first_message(item: JsonObject) -> JsonObject:
    """The message that began the conversation, in either generation of payload."""
    return as_object(item.get("source")) or as_object(item.get("conversation_message"))


def reopens(item: JsonObject) -> bool:
    """Whether the causing part says that it opened a closed conversation again."""
    return as_text(last_part(item).get("part_type")) in _REOPENING


def words(message: JsonObject) -> str | None:
    """The body as plain text; nothing where there is none."""
    body = as_text(message.get("body"))
    return plain_text(body)


def author_type(message: JsonObject) -> str | None:
    """What kind of author wrote it: user, lead, admin, bot."""
    return as_text(as_object(message.get("author")).get("type"))


def tags_added(item: JsonObject) -> list[str]:
    """Names of tags put on a part; the older shape lists them on the conversation."""
    told = as_objects(as_object(item.get("tags_added")).get("tags"))
    names = [as_text(tag.get("name")) for tag in told]
    if not names:
        names = [as_text(tag.get("name")) for part in parts_in(item) for tag in _tags_of(part)]
    return list(dict.fromkeys(name for name in names if name))


def _tags_of(part: JsonObject) -> list[JsonObject]:
    tags = part.get("tags")
    return list(as_objects(tags if isinstance(tags, list) else as_object(tags).get("tags")))
