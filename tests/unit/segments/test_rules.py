"""Rules from JSON: what is accepted, and which path each fault has."""

from typing import Any

import pytest

from pulsescore.segments.compile import compile_rules
from pulsescore.segments.fields import STANDARD, find_field
from pulsescore.segments.rules import RuleFault, is_time_dependent, parse_rule, rule_json
from pulsescore.segments.starters import STARTERS

LEAF = {"field": "score", "op": "lt", "value": 40}


def leaf(field: str, op: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, **({} if value is None else {"value": value}), **more}


@pytest.mark.parametrize(
    ("rule", "paths"),
    [
        ([], ["rule"]),
        ({"any": []}, ["rule.any"]),
        ({"all": [{"all": []}]}, ["rule.all.0.all"]),
        ({"all": "no"}, ["rule.all"]),
        ({"not": {"any": [LEAF, 5]}}, ["rule.not.any.1"]),
        ({"all": [LEAF], "any": [LEAF]}, ["rule.any"]),
        (leaf("score", "eq", "40"), ["rule.value"]),
        (leaf("score", "eq", float("nan")), ["rule.value"]),
        (leaf("score", "contains", "4"), ["rule.op"]),
        (leaf("score", "lt", 4, within_days=3), ["rule.within_days"]),
        (leaf("score_change", "lt", 4), ["rule.within_days"]),
        (leaf("risk_level", "in", ["red", "blue"]), ["rule.value"]),
        (leaf("name", "in", []), ["rule.value"]),
        (leaf("name", "eq", "a\0b"), ["rule.value"]),
        (leaf("last_seen_at", "before", "soon"), ["rule.value"]),
        (leaf("last_seen_at", "within_days", 0), ["rule.value"]),
        (leaf("metadata.", "set"), ["rule.field"]),
        (leaf("name", "set", "x"), ["rule.value"]),
        ({"event": "", "op": "may", "count": 0}, ["rule.event", "rule.op", "rule.count"]),
        ({"all": [LEAF] * 101}, ["rule.all"]),
    ],
)
def test_each_fault_has_its_path(rule: Any, paths: list[str]) -> None:
    with pytest.raises(RuleFault) as refused:
        parse_rule(rule, kind="customer")
    assert [one.field for one in refused.value.faults] == paths


def test_nesting_has_an_end() -> None:
    rule: dict[str, Any] = LEAF
    for _ in range(9):
        rule = {"not": rule}
    with pytest.raises(RuleFault):
        parse_rule(rule, kind="customer")


@pytest.mark.parametrize("name", STARTERS)
def test_the_first_segments_are_rules(name: str) -> None:
    rule = parse_rule(STARTERS[name], kind="customer")
    assert rule_json(rule) == STARTERS[name]
    assert is_time_dependent(rule) == (name in {"New this month", "Silent for 30 days"})


def test_no_name_and_no_value_enters_the_text_of_a_statement() -> None:
    evil = "x'); DROP TABLE store_customer; --"
    rules = [
        leaf(f"metadata.{evil}", "eq", evil),
        leaf(f"attributes.{evil}", "has", evil),
        leaf(f"company.metadata.{evil}", "contains", evil),
        leaf("tags", "in", [evil]),
        {"event": evil, "op": "did"},
    ]
    program = compile_rules([parse_rule(one, kind="customer") for one in rules], kind="customer")
    text = program.select(lambda _column: "TRUE") + " ".join(program.conditions)
    assert "DROP" not in text
    assert evil in program.values.values()


@pytest.mark.parametrize("kind", ["customer", "company"])
def test_every_field_of_the_catalogue_can_be_asked_by_each_of_its_operators(kind: Any) -> None:
    values = {"text": "a", "number": 1, "bool": True, "list": "a"}
    for field in STANDARD[kind].values():
        for op in field.operators:
            value: Any = values.get(field.type)
            if field.choices:
                value = field.choices[0][0]
            if op in ("in", "not_in"):
                value = [value]
            if field.type == "date":
                value = 3 if op.endswith("days") else "2026-01-01"
            more = {"within_days": 7} if field.span else {}
            told = leaf(field.key, op, None if op in ("set", "not_set") else value, **more)
            program = compile_rules([parse_rule(told, kind=kind)], kind=kind)
            assert program.conditions[0]


def test_a_custom_field_is_named_by_its_prefix() -> None:
    assert find_field("customer", "attributes.intercom/x").words == "intercom/x"  # type: ignore[union-attr]
    assert find_field("customer", "company.metadata.seats").group == "Company attributes"  # type: ignore[union-attr]
    assert find_field("company", "company.name") is None
