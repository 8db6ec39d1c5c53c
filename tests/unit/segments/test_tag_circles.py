"""Rules that would be moved by the tags of their own segments are found before they swing."""

from typing import Any

import pytest

from pulsescore.segments.rules import parse_rule
from pulsescore.segments.tag_circles import find_circles


def circles(**rules: dict[str, Any]) -> set[str]:
    names = dict(enumerate(rules))
    parsed = {one: parse_rule(rules[name], kind="customer") for one, name in names.items()}
    return {names[one] for one in find_circles(parsed, names)}


def tag(op: str, value: Any = None) -> dict[str, Any]:
    return {"field": "tags", "op": op} | ({} if value is None else {"value": value})


@pytest.mark.parametrize(
    "rule",
    [
        tag("has_not", "VIP"),
        tag("has_not", "vip"),
        tag("not_in", ["other", "VIP"]),
        tag("not_set"),
        {"not": tag("has", "VIP")},
        {"all": [{"any": [{"not": {"all": [tag("has", "VIP")]}}]}]},
    ],
)
def test_a_rule_that_asks_for_the_lack_of_its_own_tag_never_rests(rule: dict[str, Any]) -> None:
    assert circles(VIP=rule) == {"VIP"}


@pytest.mark.parametrize(
    "rule",
    [
        tag("has", "VIP"),
        tag("set"),
        {"not": tag("has_not", "VIP")},
        tag("has_not", "VIP customers"),
        {"field": "name", "op": "ne", "value": "VIP"},
        {"all": []},
    ],
)
def test_other_rules_rest(rule: dict[str, Any]) -> None:
    assert circles(VIP=rule) == set()


def test_circles_lead_through_other_segments() -> None:
    rules = {"A": tag("has_not", "B"), "B": tag("has", "C"), "C": tag("has", "A")}
    assert circles(**rules) == {"A", "B", "C"}


def test_who_only_looks_at_a_circle_is_not_part_of_it() -> None:
    rules = {"A": tag("has_not", "A"), "B": tag("has", "A"), "C": tag("has_not", "B")}
    assert circles(**rules) == {"A"}
