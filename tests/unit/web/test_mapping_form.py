"""The mapping tables as a form: read, edited, and judged line by line."""

from django.http import QueryDict

from pulsescore.web.integrations.mapping_form import (
    FormRow,
    edited,
    read_tables,
    stored_tables,
    with_faults,
    without_blank,
)


def test_lines_are_read_in_their_order() -> None:
    form = QueryDict(
        "contact.10.attribute=score&contact.10.intercom=new&contact.10.new=Health"
        "&contact.2.attribute=email&contact.2.intercom=email&contact.2.overwrite=1"
        "&incoming.0.intercom=new&incoming.0.new=x&company.x.attribute=no&contact.1.else=no"
    )

    tables = read_tables(form)

    assert tables["contact"] == (
        FormRow("email", "email", overwrite=True),
        FormRow("score", "new", "Health"),
    )
    assert tables["contact"][1].target == "custom_attributes.Health"
    assert tables["company"] == ()


def test_lines_are_added_removed_and_left_out_when_blank() -> None:
    tables = read_tables(QueryDict("contact.0.attribute=score"))

    added = edited(tables, "add:contact")
    assert len(added["contact"]) == 2
    assert without_blank(added) == tables
    assert edited(added, "remove:contact.0")["contact"] == (FormRow(),)
    for command in ("", "add:else", "remove:contact.9", "remove:contact.x", "whatever"):
        assert edited(tables, command) == tables


def test_a_fault_stands_at_its_line_companies_after_contacts() -> None:
    tables = {"contact": (FormRow("a"),), "company": (FormRow("b"),), "incoming": (FormRow("c"),)}
    faults = [
        ("outgoing.0.intercom", "first"),
        ("outgoing.1.attribute", "second"),
        ("incoming.0.intercom", "third"),
        ("outgoing.7.intercom", "nowhere"),
        ("outgoing", "all"),
    ]

    marked = with_faults(tables, faults)

    assert [rows[0].problem for rows in marked.values()] == ["first", "second", "third"]


def test_kept_tables_are_shown_with_what_is_missing() -> None:
    view = {
        "outgoing": [
            {
                "object": "company",
                "attribute": "score",
                "intercom": "custom_attributes.health",
                "overwrite": True,
                "problem": "not yet",
                "is_missing": True,
            }
        ],
        "incoming": [{"intercom": "name", "attribute": "full_name", "overwrite": False}],
    }

    tables = stored_tables(view)

    assert tables["contact"] == ()
    assert tables["company"][0].is_missing
    assert tables["incoming"] == (FormRow("full_name", "name"),)
