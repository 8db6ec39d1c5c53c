"""What is wrong with mapping tables, told with the path of each fault."""

from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.checks import checked_incoming, checked_outgoing
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.core.errors import Invalid


def out(attribute: str, intercom: str, kind: Any = "contact") -> Row:
    return Row(object=kind, attribute=attribute, intercom=intercom)


def faults_of(check: Any, *rows: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        check(rows)
    return [fault.field for fault in refusal.value.faults]


@pytest.mark.parametrize(
    "row",
    [
        out("plan", "custom_attributes.plan"),
        out("account/plan", "custom_attributes.Plan name"),
        out("score", "custom_attributes.health-score"),
        out("factor.open_tickets", "custom_attributes.open_tickets"),
        out("company.name", "custom_attributes.company_name"),
        out("segments", "custom_attributes.segments", "company"),
        out("members", "size", "company"),
        out("email", "email"),
    ],
)
def test_these_rows_can_be_saved(row: Row) -> None:
    assert checked_outgoing([row]) == [row]


def test_an_attribute_may_be_named_as_rules_name_it() -> None:
    assert checked_outgoing([out(" attributes.plan", "name")])[0].attribute == "plan"
    told = IncomingRow(intercom="name ", attribute="attributes.nick")
    assert checked_incoming([told]) == [IncomingRow(intercom="name", attribute="nick")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (out("plan", "name", "deal"), "object"),
        (out("", "name"), "attribute"),
        (out("x" * 256, "name"), "attribute"),
        (out("intercom/name", "name"), "attribute"),
        (out("factor.luck", "name"), "attribute"),
        (out("factor.open_tickets", "name", "company"), "attribute"),
        (out("plan", ""), "intercom"),
        (out("plan", "plan"), "intercom"),
        (out("plan", "created_at"), "intercom"),
        (out("plan", "custom_attributes."), "intercom"),
        (out("plan", "custom_attributes.a.b"), "intercom"),
        (out("plan", "email", "company"), "intercom"),
    ],
)
def test_a_fault_is_told_with_its_place(row: Row, field: str) -> None:
    assert faults_of(checked_outgoing, out("email", "phone"), row) == [f"outgoing.1.{field}"]


def test_one_field_of_intercom_is_written_by_one_row() -> None:
    rows = out("a", "name"), out("b", "name", "company"), out("b", "name")
    assert faults_of(checked_outgoing, *rows) == ["outgoing.2.intercom"]


def test_all_faults_are_told_at_once() -> None:
    rows = out("", ""), out("factor.luck", "id")
    assert faults_of(checked_outgoing, *rows) == [
        "outgoing.0.attribute",
        "outgoing.0.intercom",
        "outgoing.1.attribute",
        "outgoing.1.intercom",
    ]


@pytest.mark.parametrize(
    "name", ["score", "segments", "factor.x", "company.plan", "intercom/x", ""]
)
def test_what_pulsescore_works_out_cannot_be_brought_in(name: str) -> None:
    row = IncomingRow(intercom="name", attribute=name)
    assert faults_of(checked_incoming, row) == ["incoming.0.attribute"]


def test_one_attribute_is_filled_by_one_row() -> None:
    rows = [IncomingRow(intercom=path, attribute="nick") for path in ("name", "email")]
    assert faults_of(checked_incoming, *rows) == ["incoming.1.attribute"]


def test_a_path_that_leads_nowhere_is_refused() -> None:
    row = IncomingRow(intercom="nickname", attribute="nick")
    assert faults_of(checked_incoming, row) == ["incoming.0.intercom"]


def test_a_table_does_not_grow_without_bounds() -> None:
    rows = [out("plan", f"custom_attributes.plan{number}") for number in range(251)]
    assert faults_of(checked_outgoing, *rows) == ["outgoing"]
