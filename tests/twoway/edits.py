"""What happens on our side: traits are told, segments come, change their rule or name, and go."""

from collections.abc import Callable
from typing import Any

from pulsescore.core.errors import Invalid
from pulsescore.pipeline import segmenting
from tests.twoway.world import RULES, World

Edit = tuple[str, int, int]
_TIERS = (None, "gold", "silver", "", "bronze", "x" * 300)


def edit(world: World, what: Edit) -> None:
    """Let it happen, if it can."""
    name, pick, how = what
    try:
        EDITS[name](world, pick, how)
    except Invalid:
        return


def _tell(world: World, pick: int, values: dict[str, Any]) -> None:
    there = world.customers()
    if there:
        world.tell(there[pick % len(there)], values)


def _tier(world: World, pick: int, how: int) -> None:
    _tell(world, pick, {"tier": _TIERS[how % len(_TIERS)]})


def _size(world: World, pick: int, how: int) -> None:
    _tell(world, pick, {"size": how, "seat_count": None if how % 4 == 0 else how})


def _title(world: World, pick: int, how: int) -> None:
    _tell(world, pick, {"title": None if how % 5 == 0 else f"Title {how}"})


def _number(world: World, pick: int, how: int) -> None:
    _tell(world, pick, {"number": f"+1 555 {how:04}"})


def _vip(world: World, pick: int, how: int) -> None:
    _tell(world, pick, {"vip": (None, True, False, "no")[how % 4]})


def _region(world: World, pick: int, how: int) -> None:
    _tell(world, pick, {"region": (None, "", " ", False, 0, f"here {how}")[how % 6]})


def _segment(world: World, pick: int) -> str | None:
    known = list(world.segments)
    return known[pick % len(known)] if known else None


def _rename_segment(world: World, pick: int, how: int) -> None:
    name = _segment(world, pick)
    if name is not None:
        key = world.segments[name]
        wanted = f"{name.split('#')[0]}#{how}"
        segmenting.update_segment(world.actor, key, name=wanted, now=world.now())
        world.segments[wanted] = world.segments.pop(name)
        world.names_used.add(wanted)


def _change_rule(world: World, pick: int, how: int) -> None:
    name = _segment(world, pick)
    if name is not None:
        rule = list(RULES.values())[how % len(RULES)]
        segmenting.update_segment(world.actor, world.segments[name], rule=rule, now=world.now())


def _delete_segment(world: World, pick: int, how: int) -> None:
    name = _segment(world, pick)
    if name is not None and how % 3 == 0:
        segmenting.delete_segment(world.actor, world.segments.pop(name), now=world.now())


def _new_segment(world: World, pick: int, how: int) -> None:
    rule = list(RULES.values())[how % len(RULES)]
    name = f"New#{how}"
    made = segmenting.create_segment(world.actor, name=name, rule=rule, now=world.now())
    world.segments[name] = made.pk
    world.names_used.add(name)
    world.choose()


def _unchoose(world: World, pick: int, how: int) -> None:
    """A segment is not sent any more, or is again."""
    name = _segment(world, pick)
    if name is not None:
        world.left_out ^= {world.segments[name]}
        world.choose()


EDITS: dict[str, Callable[[World, int, int], None]] = {
    "tier": _tier,
    "size": _size,
    "title": _title,
    "number": _number,
    "vip": _vip,
    "region": _region,
    "rename_segment": _rename_segment,
    "change_rule": _change_rule,
    "delete_segment": _delete_segment,
    "new_segment": _new_segment,
    "unchoose": _unchoose,
}
