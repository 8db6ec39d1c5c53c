"""What is written to Intercom: precedence by row, emptiness, refusals, identity."""

from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.fields import Definition, MappedKind, Row, request_body
from pulsescore.connectors.intercom.mappings.outgoing import Desired, desired
from pulsescore.connectors.intercom.mappings.theirs import Theirs, new_company, new_contact

PLAN = "custom_attributes.plan"
DEFINITIONS = {
    PLAN: Definition(name=PLAN),
    "custom_attributes.seats": Definition(name="custom_attributes.seats", data_type="integer"),
    "custom_attributes.old": Definition(name="custom_attributes.old", archived=True),
    "custom_attributes.fixed": Definition(name="custom_attributes.fixed", writable=False),
}


def contact(role: str = "user", **values: Any) -> Theirs:
    return Theirs(object="contact", role=role, values=values)


def holding(**values: Any) -> Theirs:
    """A user with these custom attributes."""
    held = {f"custom_attributes.{name}": value for name, value in values.items()}
    return Theirs(object="contact", role="user", values=held)


def row(attribute: str, intercom: str, *, overwrite: bool = False) -> Row:
    return Row(object="contact", attribute=attribute, intercom=intercom, overwrite=overwrite)


def send(ours: dict[str, Any], theirs: Theirs, *rows: Row) -> Desired:
    return desired(ours, theirs, rows, DEFINITIONS)


@pytest.mark.parametrize("kind", ["contact", "company"])
@pytest.mark.parametrize("field", ["name", PLAN], ids=["standard", "custom"])
class TestTheGuidesExample:
    """Here it says “XYZ Inc.”, in Intercom “XYZ”; the box is checked, or it is not."""

    def written(self, kind: MappedKind, field: str, *, there: Any, checked: bool) -> Any:
        theirs = Theirs(object=kind, role="user", values={field: there})
        one = Row(object=kind, attribute="label", intercom=field, overwrite=checked)
        return desired({"label": "XYZ Inc."}, theirs, [one], DEFINITIONS).writes.get(field)

    def test_checked_ours_wins(self, kind: MappedKind, field: str) -> None:
        assert self.written(kind, field, there="XYZ", checked=True) == "XYZ Inc."

    def test_unchecked_theirs_stays(self, kind: MappedKind, field: str) -> None:
        assert self.written(kind, field, there="XYZ", checked=False) is None

    def test_unchecked_ours_fills_what_is_empty(self, kind: MappedKind, field: str) -> None:
        assert self.written(kind, field, there="", checked=False) == "XYZ Inc."

    def test_checked_ours_fills_what_is_empty(self, kind: MappedKind, field: str) -> None:
        assert self.written(kind, field, there=None, checked=True) == "XYZ Inc."


def test_each_row_is_judged_by_itself() -> None:
    theirs = contact(**{"name": "Ann", PLAN: "Old"})
    rows = (row("name", "name"), row("plan", PLAN, overwrite=True))
    assert send({"name": "Anna", "plan": "New"}, theirs, *rows).writes == {PLAN: "New"}


def test_an_attribute_that_is_not_known_says_nothing() -> None:
    assert send({}, holding(plan="Old"), row("plan", PLAN, overwrite=True)).writes == {}


@pytest.mark.parametrize("empty", [None, "", " ", []])
def test_an_empty_attribute_empties_intercoms_where_ours_wins(empty: Any) -> None:
    sent = send({"plan": empty}, holding(plan="Old"), row("plan", PLAN, overwrite=True))
    assert sent.writes == {PLAN: None}


def test_an_empty_attribute_changes_nothing_where_theirs_stays() -> None:
    assert send({"plan": None}, holding(plan="Old"), row("plan", PLAN)).writes == {}


def test_nothing_is_written_over_nothing() -> None:
    assert send({"plan": ""}, holding(plan=None), row("plan", PLAN, overwrite=True)).writes == {}


def test_false_there_is_a_value_that_stays() -> None:
    theirs = contact(unsubscribed_from_emails=False)
    assert send({"out": True}, theirs, row("out", "unsubscribed_from_emails")).writes == {}


def test_zero_here_is_a_value_that_is_sent() -> None:
    sent = send({"seats": 0}, holding(), row("seats", "custom_attributes.seats"))
    assert sent.writes == {"custom_attributes.seats": 0}


def test_an_address_is_never_emptied_and_that_is_told() -> None:
    sent = send({"email": None}, contact(email="a@b.co"), row("email", "email", overwrite=True))
    assert sent.writes == {}
    assert sent.refused[0].reason == "Intercom takes no empty value here, so the one it has stays."


def test_a_user_id_is_never_replaced() -> None:
    theirs = contact(external_id="7")
    sent = send({"id": "8"}, theirs, row("id", "external_id", overwrite=True))
    assert (sent.writes, len(sent.refused)) == ({}, 1)
    assert "another user id" in sent.refused[0].reason


def test_a_user_id_is_given_to_a_user_that_has_none() -> None:
    sent = send({"id": "8"}, contact(), row("id", "external_id"))
    assert sent.writes == {"external_id": "8"}


def test_the_made_up_id_of_a_lead_stays_without_a_word() -> None:
    sent = send({"id": "8"}, contact("lead", external_id="f00d"), row("id", "external_id"))
    assert (sent.writes, sent.refused) == ({}, ())


def test_one_refusal_does_not_block_the_others() -> None:
    rows = (
        row("seats", "custom_attributes.seats"),
        row("plan", "custom_attributes.old"),
        row("plan", "custom_attributes.fixed"),
        row("plan", "custom_attributes.unheard_of"),
        row("plan", "created_at"),
        row("plan", PLAN),
    )
    sent = send({"seats": "many", "plan": "Gold"}, holding(), *rows)
    assert sent.writes == {PLAN: "Gold"}
    assert [one.reason for one in sent.refused] == [
        "“many” is not a number.",
        "This attribute is archived in Intercom.",
        "Intercom does not let this attribute be written from outside.",
        "Intercom has no such attribute yet: create it on the Mapping page.",
        "Intercom does not let this field be written.",
    ]


def test_a_cut_text_is_told_with_its_length_even_when_it_has_been_sent() -> None:
    first = send({"plan": "x" * 300}, holding(), row("plan", PLAN))
    again = send(
        {"plan": "x" * 300}, holding(plan=first.writes[PLAN]), row("plan", PLAN, overwrite=True)
    )
    assert (first.cut[0].length, again.writes, again.cut[0].length) == (300, {}, 300)


def test_of_two_rows_for_one_field_the_first_counts() -> None:
    sent = send({"a": "A", "b": "B"}, holding(), row("a", PLAN), row("b", PLAN))
    assert sent.writes == {PLAN: "A"}


def test_somebody_new_gets_everything_that_is_known() -> None:
    rows = (row("email", "email"), row("plan", PLAN), row("phone", "phone"))
    sent = send({"email": "a@b.co", "plan": "Gold", "phone": None}, new_contact("user"), *rows)
    assert request_body(sent.writes) == {"email": "a@b.co", "custom_attributes": {"plan": "Gold"}}


def test_rows_of_companies_say_nothing_of_contacts() -> None:
    company_row = Row(object="company", attribute="spend", intercom="monthly_spend")
    ours = {"spend": 155.98}
    assert desired(ours, new_contact("user"), [company_row], {}).writes == {}
    assert desired(ours, new_company(), [company_row], {}).writes == {"monthly_spend": 155}
