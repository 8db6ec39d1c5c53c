"""Pure: segments whose own name, come back, would move their members out, and in again, for ever.

Where each segment has a tag of its name, a rule that asks who does not have that tag contradicts
itself: who is in it gets the tag and is out of it. So does one that leads there by way of others.
The same holds of fields that say the names of all segments that somebody is in, as text.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, NamedTuple

from pulsescore.segments.fields import OPPOSITES
from pulsescore.segments.rules import AllOf, AnyOf, Leaf, Not, Rule

_TAGS: Final = "tags"
_TEXTUAL: Final = frozenset({"contains", "starts_with", "ends_with", "eq", "in", "has"})


class _Asked(NamedTuple):
    """Whose names, in small letters, a rule asks for; or for their lack."""

    means: Callable[[str], bool]
    is_lack: bool


_Asker = Callable[[Leaf], Iterator[_Asked]]


def find_circles(rules: Mapping[int, Rule], names: Mapping[int, str]) -> frozenset[int]:
    """The segments that could not come to rest if each had a tag of its name."""
    return _find(rules, names, _of_tags)


def find_circles_by_text(
    rules: Mapping[int, Rule],
    names: Mapping[int, str],
    *,
    fields: Collection[str],
    tagged: Collection[int] = (),
) -> frozenset[int]:
    """The segments that could not come to rest if these fields said the names of them all.

    Of those `tagged` their names come back as tags besides, so that a circle may lead through a
    field and a tag. Those that tags alone would move have none (`find_circles`).
    """
    tagged_rules = {one: rules[one] for one in tagged if one in rules}
    calm = tagged_rules.keys() - find_circles(tagged_rules, names)
    tags = frozenset(_folded(names[one]) for one in calm)

    def ask(leaf: Leaf) -> Iterator[_Asked]:
        if leaf.field.key in fields:
            return _of_text(leaf)
        return _of_tags(leaf, among=tags)

    return _find(rules, names, ask)


def _find(rules: Mapping[int, Rule], names: Mapping[int, str], ask: _Asker) -> frozenset[int]:
    asked = {one: list(_asked(rule, ask, is_lack=False)) for one, rule in rules.items()}
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


def _asked(rule: Rule, ask: _Asker, *, is_lack: bool) -> Iterator[_Asked]:
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from _asked(part, ask, is_lack=is_lack)
    elif isinstance(rule, Not):
        yield from _asked(rule.part, ask, is_lack=not is_lack)
    elif isinstance(rule, Leaf):
        lacks = is_lack != (rule.op in OPPOSITES)
        for told in ask(rule):
            yield told._replace(is_lack=told.is_lack != lacks)


def _of_tags(leaf: Leaf, *, among: Collection[str] | None = None) -> Iterator[_Asked]:
    """What is asked of tags, be it of those `among` these names alone."""
    if leaf.field.key == _TAGS:
        wanted = _words(leaf)
        yield _Asked(
            lambda name: (among is None or name in among) and (not wanted or name in wanted),
            is_lack=False,
        )


def _of_text(leaf: Leaf) -> Iterator[_Asked]:
    """Text that is to be just so asks for the segments it names, and for the lack of all others."""
    op, wanted = OPPOSITES.get(leaf.op, leaf.op), _words(leaf)
    if op == "set":
        yield _Asked(lambda _name: True, is_lack=False)
    elif op in _TEXTUAL:
        yield _Asked(lambda name: any(name in one or one in name for one in wanted), is_lack=False)
        if op != "contains":
            yield _Asked(lambda name: not all(name in one for one in wanted), is_lack=True)


def _words(leaf: Leaf) -> frozenset[str]:
    if leaf.value is None:
        return frozenset()
    values = leaf.value if isinstance(leaf.value, list | tuple) else (leaf.value,)
    return frozenset(str(value).casefold() for value in values)


def _means(told: _Asked, name: str) -> bool:
    return told.means(_folded(name))


def _folded(name: str) -> str:
    return name.strip().casefold()


def _reachable(start: int, leads_to: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for other in leads_to[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found
