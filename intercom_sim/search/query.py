"""The search query as a tree, checked against Intercom's limits on shape."""

from dataclasses import dataclass
from typing import Any, Literal

from intercom_sim.rest.errors import ApiError, invalid, missing

GROUP_LIMIT = 15
DEPTH_LIMIT = 2
OPERATORS = ("=", "!=", "IN", "NIN", "<", "<=", ">", ">=", "~", "!~", "^", "$")


@dataclass(frozen=True)
class Filter:
    """One condition."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True)
class Group:
    """Conditions joined by AND or OR."""

    operator: Literal["AND", "OR"]
    members: tuple["Filter | Group", ...]


Node = Filter | Group


def parse(query: object) -> Node:
    """The tree of a query body; raises `ApiError` 400 where Intercom would."""
    if query is None:
        raise missing("query")
    return _node(query, depth=1)


def _node(raw: object, *, depth: int) -> Node:
    if not isinstance(raw, dict):
        raise invalid("query is not valid", field="query")
    if raw.get("operator") in ("AND", "OR") and "field" not in raw:
        return _group(raw, depth=depth)
    return _filter(raw)


def _group(raw: dict[str, Any], *, depth: int) -> Group:
    if depth > DEPTH_LIMIT:
        raise invalid(f"query is nested deeper than {DEPTH_LIMIT} levels", field="query")
    members = raw.get("value")
    if not isinstance(members, list) or not members:
        raise invalid(f"{raw['operator']} needs a list of filters", field="value")
    if len(members) > GROUP_LIMIT:
        raise invalid(f"at most {GROUP_LIMIT} filters for each AND or OR", field="value")
    return Group(raw["operator"], tuple(_node(one, depth=depth + 1) for one in members))


def _filter(raw: dict[str, Any]) -> Filter:
    for name in ("field", "operator", "value"):
        if name not in raw:
            raise missing(name)
    field, operator, value = raw["field"], raw["operator"], raw["value"]
    if not isinstance(field, str):
        raise invalid("field is not valid", field="field")
    if operator not in OPERATORS:
        raise invalid(f"operator {operator!r} is not valid", field="operator")
    if operator in ("IN", "NIN") and not isinstance(value, list):
        raise ApiError(400, "parameter_invalid", f"{operator} needs an array", field="value")
    return Filter(field, operator, value)
