"""Pure: segments whose own tag would move their members out, and then in again, for ever.

Where each segment has a tag of its name, a rule that asks who does not have that tag contradicts
itself: who is in it gets the tag and is out of it. So does one that leads there by way of others.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pulsescore.segments.fields import OPPOSITES
from pulsescore.segments.rules import AllOf, AnyOf, Leaf, Not, Rule

_TAGS: Final = "tags"


class _Asked(NamedTuple):
    """A tag that a rule asks about, in small letters, or None for any; and whether for its lack."""

    tag: str | None
    is_lack: bool


def find_circles(rules: Mapping[int, Rule], names: Mapping[int, str]) -> frozenset[int]:
    """The segments that could not come to rest if each had a tag of its name."""
    asked = {one: list(_asked(rule, is_lack=False)) for one, rule in rules.items()}
    leads_to = {
        one: {other for told in tags for other in rules if _means(told, names[other])}
        for one, tags in asked.items()
    }
    reached = {one: _reachable(one, leads_to) for one in rules}
    return frozenset(
        member
        for one, tags in asked.items()
        for told in tags
        if told.is_lack
        for other in rules
        if _means(told, names[other]) and one in reached[other] | {other}
        for member in rules
        if member == one or (member in reached[one] and one in reached[member])
    )


def _asked(rule: Rule, *, is_lack: bool) -> Iterator[_Asked]:
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from _asked(part, is_lack=is_lack)
    elif isinstance(rule, Not):
        yield from _asked(rule.part, is_lack=not is_lack)
    elif isinstance(rule, Leaf) and rule.field.key == _TAGS:
        lacks = is_lack != (rule.op in OPPOSITES)
        if rule.value is None:
            yield _Asked(None, lacks)
        else:
            values = rule.value if isinstance(rule.value, list | tuple) else (rule.value,)
            for value in values:
                yield _Asked(str(value).casefold(), lacks)


def _means(told: _Asked, name: str) -> bool:
    return told.tag is None or told.tag == name.strip().casefold()


def _reachable(start: int, leads_to: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for other in leads_to[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found
