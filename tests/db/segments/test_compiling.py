"""A compiled rule selects exactly those of whom plain Python finds that it holds."""

import os
from random import Random

import pytest
from django.db import connection

from pulsescore.segments.compile import compile_rules
from pulsescore.segments.preview import preview
from pulsescore.segments.rules import parse_rule, rule_json
from tests.db.scoring.people import add_org
from tests.db.segments import made_up
from tests.db.segments.truth import NOW, holds

pytestmark = pytest.mark.django_db
RULES = 20 * int(os.environ.get("PULSESCORE_CASES", "10"))
AT_ONCE = 50


@pytest.mark.parametrize("seed", [1, 2])
def test_sql_and_plain_python_agree_on_who_fits(seed: int) -> None:
    dice = Random(seed)
    firms = [made_up.firm(dice) for _ in range(6)]
    people = [made_up.person(dice, len(firms)) for _ in range(30)]
    org_id, other = add_org(), add_org("Other")
    ids = made_up.store(org_id, people, firms)
    made_up.store(other, people[:3], firms)
    rules = [made_up.rule(dice) for _ in range(RULES)]
    for start in range(0, len(rules), AT_ONCE):
        batch = rules[start : start + AT_ONCE]
        for rule, found in zip(batch, select(org_id, batch), strict=True):
            wanted = {at for at, one in zip(ids, people, strict=True) if holds(rule, one, firms)}
            assert found == wanted, rule


def select(org_id: int, rules: list[dict]) -> list[set[int]]:
    program = compile_rules([parse_rule(one, kind="customer") for one in rules], kind="customer")
    told = ", ".join(program.conditions)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {told} FROM ({program.select(lambda _column: 'TRUE')}) AS facts",
            {**program.values, "org_id": org_id, "now": NOW},
        )
        rows = cursor.fetchall()
    return [{row[0] for row in rows if row[at]} for at in range(1, len(rules) + 1)]


def test_a_rule_survives_being_stored() -> None:
    dice = Random(3)
    for _ in range(50):
        rule = made_up.rule(dice)
        stored = rule_json(parse_rule(rule, kind="customer"))
        assert rule_json(parse_rule(stored, kind="customer")) == stored


def test_a_preview_counts_and_shows_the_newest() -> None:
    org_id = add_org()
    dice = Random(4)
    ids = made_up.store(
        org_id, [made_up.person(dice, 2) for _ in range(8)], [made_up.firm(dice)] * 2
    )
    everybody = preview(org_id, kind="customer", rule={"all": []}, now=NOW)
    assert everybody.count == 8
    assert [row.id for row in everybody.sample] == ids[:-6:-1]
    firms = preview(
        org_id, kind="company", rule={"field": "members", "op": "eq", "value": 0}, now=NOW
    )
    assert firms.count == 2
