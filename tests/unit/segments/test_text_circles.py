"""Rules that read the names of segments back from Intercom are found before they swing."""

from collections.abc import Sequence
from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.echoes import fields_of_segments
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.segments.rules import parse_rule
from pulsescore.segments.tag_circles import find_circles_by_text

GROUPS = "metadata.groups"


def circles(tagged: Sequence[str] = (), **rules: dict[str, Any]) -> set[str]:
    names = dict(enumerate(rules))
    parsed = {one: parse_rule(rules[name], kind="customer") for one, name in names.items()}
    bearing = {one for one, name in names.items() if name in tagged}
    found = find_circles_by_text(parsed, names, fields={GROUPS}, tagged=bearing)
    return {names[one] for one in found}


def groups(op: str, value: Any = None, field: str = GROUPS) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


@pytest.mark.parametrize(
    "rule",
    [
        groups("not_contains", "VIP"),
        groups("not_contains", "vi"),
        groups("not_set"),
        groups("ne", "VIP"),
        groups("eq", "Others"),
        groups("not_in", ["vip", "Others"]),
        {"not": groups("contains", "VIP")},
    ],
)
def test_a_rule_that_its_own_name_contradicts_never_rests(rule: dict[str, Any]) -> None:
    assert circles(VIP=rule) == {"VIP"}


@pytest.mark.parametrize(
    "rule",
    [
        groups("contains", "VIP"),
        groups("set"),
        groups("not_contains", "Others"),
        groups("not_contains", "VIP", field="metadata.plan"),
        groups("gt", 3),
    ],
)
def test_a_rule_that_its_own_name_confirms_or_does_not_touch_rests(rule: dict[str, Any]) -> None:
    assert circles(VIP=rule) == set()


def test_a_circle_may_lead_by_way_of_another_segment() -> None:
    rules = {"Paying": groups("contains", "Trying"), "Trying": groups("not_contains", "Paying")}
    assert circles(**rules) == {"Paying", "Trying"}
    assert circles(Trying=groups("not_contains", "Paying"), Paying=groups("contains", "Paid")) == (
        set()
    )


def tags(op: str, value: str) -> dict[str, Any]:
    return {"field": "tags", "op": op, "value": value}


def test_a_circle_may_lead_through_a_field_and_a_tag() -> None:
    rules = {"Paying": groups("contains", "Trying"), "Trying": tags("has_not", "Paying")}
    assert circles(**rules) == set()
    assert circles(["Trying"], **rules) == set()
    assert circles(["Paying"], **rules) == {"Paying", "Trying"}
    assert circles(["Paying"], **{**rules, "Trying": tags("has", "Paying")}) == set()


def test_whom_tags_alone_would_move_has_none_to_lead_on() -> None:
    rules = {
        "Paying": {"all": [groups("contains", "Trying"), tags("has_not", "Paying")]},
        "Trying": tags("has_not", "Paying"),
    }
    assert circles(["Paying"], **rules) == set()


def row(attribute: str, intercom: str, *, overwrite: bool = True, of: Any = "contact") -> Row:
    return Row(object=of, attribute=attribute, intercom=intercom, overwrite=overwrite)


def test_names_of_segments_come_back_through_whatever_the_tables_join() -> None:
    outgoing = [
        row("segments", "custom_attributes.groups"),
        row("copied", "custom_attributes.copies"),
        row("segments", "custom_attributes.once", overwrite=False),
        row("plan", "custom_attributes.plan"),
        row("segments", "industry", of="company"),
    ]
    incoming = [
        IncomingRow(intercom="custom_attributes.groups", attribute="copied"),
        IncomingRow(intercom="custom_attributes.plan", attribute="theirs"),
    ]
    assert fields_of_segments("contact", outgoing, incoming) == {
        "metadata.groups",
        "attributes.copied",
        "metadata.copies",
    }
    assert "industry" in fields_of_segments("company", outgoing, incoming)
    assert fields_of_segments("contact", outgoing[3:], incoming) == frozenset()
