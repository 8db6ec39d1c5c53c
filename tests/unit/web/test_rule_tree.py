"""The builder of rules: a form becomes a tree, a tree a rule, and each the other again."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.web.segments.builder import Offer, RowView, fitted, show
from pulsescore.web.segments.translation import as_rule, as_tree, place_of
from pulsescore.web.segments.tree import BLANK, Group, Node, Row, edited, read_tree
from pulsescore.web.segments.wording import rule_in_words

OPS = (("eq", "is"), ("lt", "is less than"), ("in", "is one of"), ("set", "is known"))
OFFERS = {
    "score": Offer("score", "Score", "Health", "number", OPS),
    "email": Offer("email", "E-mail", "Person", "text", (("contains", "contains"),)),
    "level": Offer("level", "Level", "Health", "text", OPS, (("red", "Critical"),)),
    "event": Offer("event", "Event", "Events", "event", (("did", "did"), ("did_not", "did not"))),
}


def type_of(key: str) -> str:
    return OFFERS[key].type if key in OFFERS else "text"


def rule_of(tree: Group) -> dict[str, Any]:
    return as_rule(tree, type_of)[0]


def test_a_form_becomes_the_rule_that_it_shows() -> None:
    form = QueryDict(
        "match.r=all&field.r.0=score&op.r.0=lt&value.r.0=40"
        "&match.r.1=any&field.r.1.0=level&op.r.1.0=in&value.r.1.0=red&value.r.1.0=yellow"
        "&field.r.1.1=email&op.r.1.1=contains&value.r.1.1=@acme.com"
        "&match.r.2=none&field.r.2.0=event&op.r.2.0=did&value.r.2.0=Paid&count.r.2.0=2&days.r.2.0=7"
    )

    assert rule_of(read_tree(form)) == {
        "all": [
            {"field": "score", "op": "lt", "value": 40},
            {
                "any": [
                    {"field": "level", "op": "in", "value": ["red", "yellow"]},
                    {"field": "email", "op": "contains", "value": "@acme.com"},
                ]
            },
            {"not": {"any": [{"event": "Paid", "op": "did", "count": 2, "within_days": 7}]}},
        ]
    }


def test_places_are_in_their_order_even_beyond_ten() -> None:
    form = QueryDict(
        "match.r=all&"
        + "&".join(f"field.r.{n}=score&op.r.{n}=eq&value.r.{n}={n}" for n in range(12))
    )

    rule = rule_of(read_tree(form))

    assert [one["value"] for one in rule["all"]] == list(range(12))


def test_a_rule_that_did_not_arrive_is_not_everybody() -> None:
    assert read_tree(QueryDict("name=Everybody&kind=customer")) == BLANK


@pytest.mark.parametrize(
    "query",
    [
        "",
        "field=score",
        "field.x.0=score",
        "field.r.-1=score",
        "field.r.0.0.0.0.0.0.0.0.0.0=score",
        "match.r=whatever",
        "field.r.99999=score",
        "op.r.0=lt",
        "field.r=score",
    ],
)
def test_what_no_builder_would_send_is_an_empty_rule_or_none(query: str) -> None:
    assert isinstance(read_tree(QueryDict(query)), Group)


def test_a_number_that_is_none_is_left_for_the_rules_to_refuse() -> None:
    for text in ("forty", "", "nan", "inf", "1e400"):
        tree = Group("all", (Row("score", "lt", (text,)),))
        assert rule_of(tree) == {"all": [{"field": "score", "op": "lt", "value": text}]}


def test_conditions_and_groups_are_added_and_removed_where_one_pressed() -> None:
    tree, at = edited(BLANK, "group:r")
    assert (tree, at) == (Group("all", (Row(), Group("any", (Row(),)))), "r.1")
    tree, at = edited(tree, "row:r.1")
    assert at == "r.1.1"
    assert tree.children[1] == Group("any", (Row(), Row()))
    tree, at = edited(tree, "remove:r.1.0")
    assert (tree.children[1], at) == (Group("any", (Row(),)), "r.1")
    tree, at = edited(tree, "remove:r.1")
    assert (tree, at) == (BLANK, "r")


@pytest.mark.parametrize(
    "command", ["", "drop", "row", "row:x", "remove:r", "remove:r.7", "row:r.0", "group:r.9.9"]
)
def test_what_cannot_be_done_changes_nothing(command: str) -> None:
    assert edited(BLANK, command)[0] == BLANK


def test_groups_nest_only_so_deep_and_rows_are_only_so_many() -> None:
    tree, at = BLANK, "r"
    for _ in range(10):
        tree, at = edited(tree, f"group:{at or 'r.1.1.1'}")
    deepest = show(tree, OFFERS, faults={})
    for _ in range(3):
        inner = [one for one in deepest.parts if not isinstance(one, RowView)]
        deepest = inner[0] if inner else deepest
    assert not deepest.may_nest

    full = Group("all", (Row(),) * 100)
    assert edited(full, "row:r") == (full, "")


def test_another_field_begins_with_an_operator_of_its_own() -> None:
    tree = Group("all", (Row("email", "lt", ("40",)), Group("any", (Row("score", "lt", ("4",)),))))

    changed = fitted(tree, OFFERS)

    assert changed.children == (
        Row("email", "contains", ("40",)),
        Group("any", (Row("score", "lt", ("4",)),)),
    )


def test_a_fault_finds_the_row_it_is_about() -> None:
    tree = Group("none", (Row("score", "lt", ("x",)), Group("any", (Row("email", "contains"),))))

    rule, places = as_rule(tree, type_of)

    assert rule["not"]["any"][1]["any"][0]["field"] == "email"
    assert place_of("rule.not.any.1.any.0.value", places) == "r.1.0"
    assert place_of("rule.not.any.0", places) == "r.0"
    assert place_of("rule.not.any.1.any", places) == "r.1"
    assert place_of("rule.elsewhere", places) == "r"


def test_a_rule_reads_like_a_sentence() -> None:
    tree = Group(
        "all",
        (
            Row("score", "lt", ("40",)),
            Group("any", (Row("level", "in", ("red",)), Row("email", "contains", ("acme",)))),
            Group("none", (Row("event", "did", ("Paid",), "2", "7"),)),
        ),
    )

    assert rule_in_words(tree, OFFERS) == (
        "Score is less than 40, and (level is one of Critical, or e-mail contains “acme”), "
        "and (not: did “Paid” at least 2 times within 7 days)."
    )
    assert rule_in_words(Group("all", ()), OFFERS) == "Everybody."


rows = st.one_of(
    st.builds(
        lambda n: Row("score", "lt", (str(n),)),
        st.integers(-1000, 1000),
    ),
    st.builds(
        lambda t: Row("email", "contains", (t,)), st.text("abc@. ", min_size=1).map(str.strip)
    ),
    st.just(Row("score", "set")),
    st.builds(
        lambda n, d: Row("event", "did", ("Paid",), str(n), str(d)),
        st.integers(1, 9),
        st.integers(1, 90),
    ),
)
nodes: st.SearchStrategy[Node] = st.recursive(
    rows,
    lambda inner: st.builds(
        Group,
        st.sampled_from(["all", "any", "none", "not_all"]),
        st.lists(inner, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.builds(Group, st.sampled_from(["all", "any"]), st.lists(nodes, max_size=4).map(tuple)))
def test_a_rule_comes_back_as_it_was_drawn(tree: Group) -> None:
    assert as_tree(rule_of(tree)) == tree


def test_a_negated_condition_of_the_api_has_a_picture_too() -> None:
    leaf = {"field": "score", "op": "set"}

    assert as_tree({"not": leaf}) == Group("none", (Row("score", "set"),))
    assert as_tree({"not": {"not": leaf}}) == Group(
        "none", (Group("none", (Row("score", "set"),)),)
    )
    assert as_tree(leaf) == Group("all", (Row("score", "set"),))
