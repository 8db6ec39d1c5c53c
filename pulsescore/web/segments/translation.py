"""Pure: the builder's tree to a rule as stored and back, remembering where each part stands.

A negation is a group of which none (`not any`) or not all (`not all`) hold, so that every rule of
the language has a picture and every picture a rule.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pulsescore.segments.fields import BOOL, CUSTOM, NUMBER
from pulsescore.web.segments.tree import ROOT, Group, Node, Row

EVENT: Final = "event"
_NO_VALUE: Final = frozenset({"set", "not_set"})
_LISTS: Final = frozenset({"in", "not_in"})
_SIZES: Final = frozenset({"gt", "gte", "lt", "lte"})
_EQUALS: Final = frozenset({"eq", "ne", "in", "not_in"})
_SPANS: Final = frozenset({"within_days", "not_within_days"})
_NEGATED: Final = {"none": "any", "not_all": "all"}
_BACK: Final = {"any": "none", "all": "not_all"}

TypeOf = Callable[[str], str]
Path = tuple[str, ...]


def as_rule(root: Group, type_of: TypeOf) -> tuple[dict[str, Any], dict[Path, str]]:
    """The rule, and for each place in it the path of the builder's part that says it."""
    places: dict[Path, str] = {}
    return _group(root, ROOT, (), type_of, places), places


def as_tree(rule: Mapping[str, Any]) -> Group:
    """The builder's picture of a rule that was found valid."""
    node = _node(rule)
    return node if isinstance(node, Group) else Group("all", (node,))


def place_of(field: str, places: Mapping[Path, str]) -> str:
    """The builder's part that `rule.all.0.value` points into: the nearest one around it."""
    path = tuple(field.split("."))[1:]
    while path and path not in places:
        path = path[:-1]
    return places.get(path, ROOT)


def _group(
    group: Group, at: str, path: Path, type_of: TypeOf, places: dict[Path, str]
) -> dict[str, Any]:
    places[path] = at
    negated = _NEGATED.get(group.match)
    key = negated or group.match
    inner = (*path, "not") if negated else path
    places[inner] = places[(*inner, key)] = at
    parts = [
        _part(child, f"{at}.{index}", (*inner, key, str(index)), type_of, places)
        for index, child in enumerate(group.children)
    ]
    return {"not": {key: parts}} if negated else {key: parts}


def _part(
    node: Node, at: str, path: Path, type_of: TypeOf, places: dict[Path, str]
) -> dict[str, Any]:
    if isinstance(node, Group):
        return _group(node, at, path, type_of, places)
    places[path] = at
    return _event(node) if node.field == EVENT else _leaf(node, type_of(node.field))


def _event(row: Row) -> dict[str, Any]:
    leaf: dict[str, Any] = {"event": row.value.strip(), "op": row.op}
    if row.count:
        leaf["count"] = _number(row.count)
    if row.days:
        leaf["within_days"] = _number(row.days)
    return leaf


def _leaf(row: Row, type_: str) -> dict[str, Any]:
    leaf: dict[str, Any] = {"field": row.field, "op": row.op}
    if row.days:
        leaf["within_days"] = _number(row.days)
    if row.op in _NO_VALUE:
        return leaf
    if row.op in _LISTS:
        return {**leaf, "value": [_value(one, row.op, type_) for one in listed(row.values)]}
    if row.op in _SPANS:
        return {**leaf, "value": _number(row.value)}
    return {**leaf, "value": _value(row.value, row.op, type_)}


def listed(values: tuple[str, ...]) -> list[str]:
    """Several values: boxes that were ticked, or one text with commas or lines between them."""
    parts = values[0].replace("\n", ",").split(",") if len(values) == 1 else values
    return list(dict.fromkeys(one.strip() for one in parts if one.strip()))


def _value(text: str, op: str, type_: str) -> Any:
    if type_ == NUMBER or op in _SIZES:
        return _number(text)
    if type_ == CUSTOM and op in _EQUALS:
        # A custom attribute has no type: what is written like a number is meant as one.
        number = _number(text)
        return number if str(number) == text.strip() else text.strip()
    if type_ == BOOL and text in {"true", "false"}:
        return text == "true"
    return text.strip()


def _number(text: str) -> int | float | str:
    """The number, or the text as it is, for the rules to refuse."""
    plain = text.strip().replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return text.strip()
    if number != number or abs(number) > 10**15:  # noqa: PLR0124 (what is no number)
        return text.strip()
    return int(number) if number.is_integer() else number


def _node(rule: Mapping[str, Any]) -> Node:
    if "not" in rule:
        inner = rule["not"]
        key = next((one for one in _BACK if one in inner), "")
        return Group(_BACK[key], _nodes(inner[key])) if key else Group("none", (_node(inner),))
    for key in ("all", "any"):
        if key in rule:
            return Group(key, _nodes(rule[key]))
    if "event" in rule:
        return _event_row(rule)
    days = rule.get("within_days")
    return Row(
        str(rule["field"]),
        str(rule["op"]),
        _texts(rule.get("value")),
        days="" if days is None else str(days),
    )


def _nodes(rules: list[Mapping[str, Any]]) -> tuple[Node, ...]:
    return tuple(_node(one) for one in rules)


def _event_row(rule: Mapping[str, Any]) -> Row:
    count, days = rule.get("count"), rule.get("within_days")
    return Row(
        EVENT,
        str(rule["op"]),
        (str(rule["event"]),),
        "" if count is None else str(count),
        "" if days is None else str(days),
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
