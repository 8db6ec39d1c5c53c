"""A query as a yes-or-no question to one object."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from intercom_sim.rest.errors import invalid
from intercom_sim.search.fields import Catalogue, Field
from intercom_sim.search.query import Filter, Node
from intercom_sim.search.ranges import date_range, seconds

T = TypeVar("T")
Predicate = Callable[[T], bool]


def compile_query(node: Node, *, catalogue: Catalogue[T], zone: ZoneInfo) -> Predicate[T]:
    """The predicate of a query; raises `ApiError` 400 for fields, operators or values not known."""
    if isinstance(node, Filter):
        return _filter(node, catalogue=catalogue, zone=zone if catalogue.whole_days else None)
    members = [compile_query(one, catalogue=catalogue, zone=zone) for one in node.members]
    if node.operator == "AND":
        return lambda item: all(member(item) for member in members)
    return lambda item: any(member(item) for member in members)


def _filter(node: Filter, *, catalogue: Catalogue[T], zone: ZoneInfo | None) -> Predicate[T]:
    field = catalogue.find(node.field)
    if field is None:
        raise invalid(f"invalid field supplied: {node.field}", field="field")
    if node.operator not in field.operators:
        message = f"operator {node.operator} is not supported on {node.field}"
        raise invalid(message, field="operator")
    if field.kind == "date":
        return _date(field, node, zone=zone)
    if field.kind == "ids":
        return _ids(field, node)
    if field.kind == "string" and node.operator in ("~", "!~", "^", "$"):
        return _text(field, node)
    return _plain(field, node)


def _date(field: Field[T], node: Filter, *, zone: ZoneInfo | None) -> Predicate[T]:
    read = field.read
    wanted = date_range(node.operator, node.value, zone=zone)
    if wanted is None:
        return _among(read, node, convert=seconds)
    low, high = wanted.low, wanted.high

    def matches(item: T) -> bool:
        value = read(item)
        return value is not None and low <= value < high

    return matches


def _ids(field: Field[T], node: Filter) -> Predicate[T]:
    read = field.read
    wanted = {str(one) for one in _listed(node)}
    if node.operator in ("=", "IN"):
        return lambda item: any(one in wanted for one in read(item))
    return lambda item: not any(one in wanted for one in read(item))


def _text(field: Field[T], node: Filter) -> Predicate[T]:
    read = field.read
    if not isinstance(node.value, str):
        raise invalid(f"{node.operator} needs a text", field="value")
    wanted = node.value.casefold()
    compare: dict[str, Callable[[str], bool]] = {
        "~": lambda value: wanted in value,
        "!~": lambda value: wanted not in value,
        "^": lambda value: value.startswith(wanted),
        "$": lambda value: value.endswith(wanted),
    }
    test = compare[node.operator]
    return lambda item: test((read(item) or "").casefold())


def _plain(field: Field[T], node: Filter) -> Predicate[T]:
    convert = {"integer": _number, "boolean": _flag}.get(field.kind, _word)
    read = field.read
    if node.operator in ("=", "!=", "IN", "NIN"):
        return _among(read, node, convert=convert)
    wanted = _number(node.value)
    compare: dict[str, Callable[[float], bool]] = {
        ">": lambda value: value > wanted,
        "<": lambda value: value < wanted,
        ">=": lambda value: value >= wanted,
        "<=": lambda value: value <= wanted,
    }
    test = compare[node.operator]

    def matches(item: T) -> bool:
        value = read(item)
        return value is not None and test(value)

    return matches


def _among(
    read: Callable[[T], Any], node: Filter, *, convert: Callable[[Any], Any]
) -> Predicate[T]:
    wanted = {None if one is None else convert(one) for one in _listed(node)}
    folded = {one.casefold() if isinstance(one, str) else one for one in wanted}

    def has(item: T) -> bool:
        value = read(item)
        return (value.casefold() if isinstance(value, str) else value) in folded

    if node.operator in ("=", "IN"):
        return has
    return lambda item: not has(item)


def _listed(node: Filter) -> Sequence[Any]:
    if node.operator in ("IN", "NIN"):
        listed: list[Any] = node.value
        return listed
    if isinstance(node.value, list | dict):
        raise invalid(f"{node.operator} needs a single value", field="value")
    return [node.value]


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise invalid("value is not a number", field="value") from None


def _flag(value: object) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise invalid("value is not true or false", field="value")


def _word(value: object) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise invalid("value is not a text", field="value")
