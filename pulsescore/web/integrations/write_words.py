"""Pure: writes to Intercom in words, and their before and after as the lines of a diff."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

CUSTOM: Final = "custom_attributes."
_KINDS: Final = {
    "contact.create": "Created the contact",
    "contact.update": "Changed the contact",
    "contact.convert": "Made the lead a user",
    "contact.merge": "Merged the lead into the user",
    "contact.unarchive": "Brought the contact back",
    "company.create": "Created the company",
    "company.update": "Changed the company",
    "company.attach": "Linked the company",
    "tag.create": "Created the tag",
    "tag.rename": "Renamed the tag",
    "tag.delete": "Removed the tag",
    "tag.attach": "Put on the tag",
    "tag.detach": "Took off the tag",
    "event": "Sent the event",
}
_PLANNED: Final = {
    "create": "Create the contact",
    "convert": "Make the lead a user",
    "update": "Change the contact",
    "restore": "Bring the contact back",
    "create_company": "Create the company",
    "update_company": "Change the company",
}
# Ids say nothing to a reader.
_UNSAID: Final = frozenset({"tag_id"})
_LONGEST: Final = 200


class DiffLine(NamedTuple):
    """One value: what it is called, and what stood and stands there; nothing is an empty text."""

    name: str
    before: str
    after: str


def kind_words(kind: str) -> str:
    """What a write did."""
    return _KINDS.get(kind, kind.replace(".", ": ").replace("_", " ").capitalize())


def planned_words(action: str) -> str:
    """What a planned write would do."""
    return _PLANNED.get(action, action.replace("_", " ").capitalize())


def diff_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[DiffLine]:
    """What differs between two states, by name; objects are laid out by their parts."""
    old, new = _flat(before), _flat(after)
    return [
        DiffLine(_plain(name), shown(old.get(name)), shown(new.get(name)))
        for name in dict.fromkeys((*new, *old))
        if name not in _UNSAID and old.get(name) != new.get(name)
    ]


def shown(value: object) -> str:
    """A value as text: yes and no for truth values, lists joined, long text cut."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(shown(one) for one in value)
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plain(name: str) -> str:
    return name.removeprefix(CUSTOM)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": one for inner, one in _flat(value).items()}
        else:
            found[name] = value
    return found
