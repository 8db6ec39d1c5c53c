"""Pure: the language of segment rules, from JSON to a tree and back, with every fault by its path.

`{"all": […]}`, `{"any": […]}`, `{"not": …}`, `{"field", "op", "value"}` (with `within_days` where
the field has a span) and `{"event", "op": "did|did_not", "count", "within_days"}`. `{"all": []}` is
everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.segments.fields import MAX_NAME, Field, Kind, find_field
from pulsescore.segments.values import MAX_DAYS, Value, check_value, is_whole

MAX_DEPTH: Final = 8
MAX_LEAVES: Final = 100
MAX_COUNT: Final = 1_000_000
ROOT: Final = "rule"
_TAKES_NOTHING: Final = frozenset({"set", "not_set"})
_TIMED: Final = frozenset({"within_days", "not_within_days"})


class RuleFault(Invalid):
    """A rule is wrong; `path` and `message` are those of the first fault, `faults` are all."""

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__(*faults)
        self.path, self.message = faults[0].field, faults[0].message


@dataclass(frozen=True)
class AllOf:
    """All parts hold; without any, it holds of everybody."""

    parts: "tuple[Rule, ...]"


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: "tuple[Rule, ...]"


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Rule"


@dataclass(frozen=True)
class Leaf:
    """One field compared with a value; `days` is the span of fields that have one."""

    field: Field
    op: str
    value: Value = None
    days: int | None = None


@dataclass(frozen=True)
class Event:
    """An event that happened at least `count` times (`did`), or fewer (`did_not`)."""

    name: str
    op: str = "did"
    count: int = 1
    days: int | None = None


Rule = AllOf | AnyOf | Not | Leaf | Event


def parse_rule(value: Any, *, kind: Kind) -> Rule:
    """Read a rule; raises `RuleFault` with the path of each fault, as in `rule.all.2.value`."""
    reader = _Reader(kind)
    rule = reader.read(value, ROOT, depth=1)
    if reader.leaves > MAX_LEAVES:
        reader.fault(ROOT, f"Use at most {MAX_LEAVES} conditions.")
    if reader.faults or rule is None:
        raise RuleFault(*reader.faults)
    return rule


def rule_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON, as it is stored and served."""
    match rule:
        case AllOf(parts):
            return {"all": [rule_json(one) for one in parts]}
        case AnyOf(parts):
            return {"any": [rule_json(one) for one in parts]}
        case Not(part):
            return {"not": rule_json(part)}
        case Event(name, op, count, days):
            event: dict[str, Any] = {"event": name, "op": op, "count": count}
            return event if days is None else {**event, "within_days": days}
        case Leaf(field, op, plain, days):
            leaf: dict[str, Any] = {"field": field.key, "op": op}
            if op not in _TAKES_NOTHING:
                leaf["value"] = list(plain) if isinstance(plain, tuple) else plain
            return leaf if days is None else {**leaf, "within_days": days}


def leaves_of(rule: Rule) -> Iterator[Leaf | Event]:
    """Every condition of a rule."""
    match rule:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves_of(part)
        case Not(part):
            yield from leaves_of(part)
        case _:
            yield rule


def is_time_dependent(rule: Rule) -> bool:
    """Whether time alone moves customers into or out of it."""
    return any(one.days is not None or one.op in _TIMED for one in leaves_of(rule))


def asks_of_companies(rule: Rule) -> bool:
    """Whether a rule about customers asks of their companies."""
    return any(
        isinstance(one, Leaf) and one.field.key.startswith("company.") for one in leaves_of(rule)
    )


class _Reader:
    def __init__(self, kind: Kind) -> None:
        self._kind: Kind = kind
        self.faults: list[FieldFault] = []
        self.leaves = 0

    def fault(self, path: str, message: str) -> None:
        self.faults.append(FieldFault(path, message))

    def read(self, value: Any, path: str, *, depth: int) -> Rule | None:
        if not isinstance(value, dict):
            self.fault(path, "Give an object: all, any, not, a field or an event.")
            return None
        if depth > MAX_DEPTH:
            self.fault(path, f"Nest groups at most {MAX_DEPTH} deep.")
            return None
        for name in ("all", "any", "not"):
            if name in value:
                return self._group(name, value, path, depth=depth)
        self.leaves += 1
        if "event" in value:
            return self._event(value, path)
        return self._leaf(value, path)

    def _group(self, name: str, value: dict[str, Any], path: str, *, depth: int) -> Rule | None:
        self._unknown(value, (name,), path)
        inner, here = value[name], f"{path}.{name}"
        if name == "not":
            part = self.read(inner, here, depth=depth + 1)
            return None if part is None else Not(part)
        if not isinstance(inner, list):
            self.fault(here, "Give a list of conditions.")
            return None
        if not inner and not (name == "all" and path == ROOT):
            self.fault(here, "Add a condition, or remove the group.")
            return None
        if len(inner) > MAX_LEAVES:
            self.fault(here, f"Use at most {MAX_LEAVES} conditions.")
            return None
        parts = [self.read(one, f"{here}.{at}", depth=depth + 1) for at, one in enumerate(inner)]
        known = tuple(one for one in parts if one is not None)
        return AllOf(known) if name == "all" else AnyOf(known)

    def _event(self, value: dict[str, Any], path: str) -> Event | None:
        self._unknown(value, ("event", "op", "count", "within_days"), path)
        name, op, count = value["event"], value.get("op", "did"), value.get("count", 1)
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or "\0" in name:
            self.fault(f"{path}.event", "Name the event.")
        if op not in ("did", "did_not"):
            self.fault(f"{path}.op", "Choose did or did_not.")
        if not is_whole(count, 1, MAX_COUNT):
            self.fault(f"{path}.count", f"Enter a whole number from 1 to {MAX_COUNT}.")
        days = self._days(value, path)
        return None if self._is_wrong(path) else Event(name, op, count, days)

    def _leaf(self, value: dict[str, Any], path: str) -> Leaf | None:
        self._unknown(value, ("field", "op", "value", "within_days"), path)
        key, op = value.get("field"), value.get("op")
        field = find_field(self._kind, key) if isinstance(key, str) else None
        if field is None:
            self.fault(f"{path}.field", f"There is no such field of a {self._kind}.")
            return None
        if not isinstance(op, str) or op not in field.operators:
            self.fault(f"{path}.op", f"Choose one of {', '.join(field.operators)}.")
            return None
        days = self._days(value, path) if field.span else None
        if field.span == "required" and "within_days" not in value:
            self.fault(f"{path}.within_days", f"Enter a number of days from 1 to {MAX_DAYS}.")
        if not field.span and "within_days" in value:
            self.fault(f"{path}.within_days", "This field has no span of days.")
        if op in _TAKES_NOTHING:
            if value.get("value") is not None:
                self.fault(f"{path}.value", "This operator takes no value.")
            return None if self._is_wrong(path) else Leaf(field, op, None, days)
        checked, problem = check_value(field, op, value.get("value"))
        if problem:
            self.fault(f"{path}.value", problem)
        return None if self._is_wrong(path) else Leaf(field, op, checked, days)

    def _days(self, value: dict[str, Any], path: str) -> int | None:
        days = value.get("within_days")
        if days is None or is_whole(days, 1, MAX_DAYS):
            return days
        self.fault(f"{path}.within_days", f"Enter a number of days from 1 to {MAX_DAYS}.")
        return None

    def _unknown(self, value: dict[str, Any], known: tuple[str, ...], path: str) -> None:
        for name in sorted(str(one) for one in value.keys() - set(known)):
            self.fault(f"{path}.{name}", "A rule has no such part here.")

    def _is_wrong(self, path: str) -> bool:
        return any(one.field.startswith(f"{path}.") for one in self.faults)
