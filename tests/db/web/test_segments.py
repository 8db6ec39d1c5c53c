"""Segments on pages: the list, the builder with and without script, one segment, deleting."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.accounts.access import Actor
from pulsescore.segments import actions, queries
from pulsescore.segments.models import Segment
from tests import seeding_segments, seeding_team
from tests.seeding import Seeded

RULE = {
    "all": [
        {"field": "score", "op": "lt", "value": 101},
        {"any": [{"field": "contact_role", "op": "eq", "value": "user"}]},
    ]
}
FORM = {
    "kind": "customer",
    "name": "Fallen silent",
    "match.r": "all",
    "field.r.0": "score",
    "op.r.0": "lt",
    "value.r.0": "60",
    "do": "save",
}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def owner(alices: Seeded) -> Actor:
    return seeding_team.owner_of(alices)


@pytest.fixture
def segment(owner: Actor, now: datetime) -> Segment:
    return actions.create_segment(owner, name="Users here", rule=RULE, now=now)


def find(alices: Seeded, name: str) -> Segment:
    return next(one for one in queries.list_segments(alices.organization.pk) if one.name == name)


def test_the_list_says_in_words_whom_each_segment_holds(alice: Client, segment: Segment) -> None:
    html = text(alice.get("/segments"))

    assert "Users here" in html
    assert "Health score is less than 101, and role is User." in html
    assert f"/segments/{segment.pk}" in html
    assert "being found" in html
    assert "New segment" in html


def test_members_read_and_only_admins_change(bob: Client, segment: Segment) -> None:
    html = text(bob.get("/segments"))

    assert "Users here" in html
    assert "New segment" not in html
    assert bob.get(f"/segments/{segment.pk}").status_code == 200
    for path in ("new", f"{segment.pk}/change", f"{segment.pk}/delete"):
        assert bob.get(f"/segments/{path}").status_code == 403
    for path in ("rule", "preview"):
        assert bob.post(f"/segments/{path}", FORM).status_code == 403
    assert bob.post("/segments/new", FORM).status_code == 403


def test_strangers_log_in_and_others_see_nothing(
    stranger: Client, charlie: Client, segment: Segment
) -> None:
    assert "/login" in stranger.get("/segments")["Location"]
    for path in ("", "/change", "/delete"):
        assert charlie.get(f"/segments/{segment.pk}{path}").status_code == 404
    assert charlie.post(f"/segments/{segment.pk}/change", FORM).status_code == 404
    assert "Users here" not in text(charlie.get("/segments"))


def test_ways_in_that_are_none(alice: Client, segment: Segment) -> None:
    assert alice.get("/segments/999999999").status_code == 404
    assert alice.get("/segments/99999999999999999999").status_code == 404
    assert alice.post("/segments").status_code == 405
    assert alice.get("/segments/rule").status_code == 405
    assert alice.get("/segments/preview").status_code == 405


def test_a_segment_is_made_from_the_form(alice: Client, alices: Seeded) -> None:
    response = alice.post("/segments/new", FORM)

    made = find(alices, "Fallen silent")
    assert response["Location"] == f"/segments/{made.pk}"
    assert made.rule == {"all": [{"field": "score", "op": "lt", "value": 60}]}


def test_without_script_conditions_are_added_filled_and_removed(alice: Client) -> None:
    added = text(alice.post("/segments/new", {**FORM, "do": "group:r"}))
    assert 'name="field.r.1.0"' in added
    assert 'value="60"' in added
    assert "Fallen silent" in added

    other_field = text(alice.post("/segments/new", {**FORM, "field.r.0": "email", "do": "row:r"}))
    assert '<option value="contains"' in other_field
    assert '<option value="gte"' not in other_field

    removed = text(alice.post("/segments/new", {**FORM, "do": "remove:r.0"}))
    assert 'name="field.r.0"' not in removed


def test_without_script_the_count_is_a_button(alice: Client) -> None:
    html = text(alice.post("/segments/new", {**FORM, "value.r.0": "101", "do": "count"}))

    assert "customers</p>" in html
    assert "as an example" in html


def test_the_count_follows_the_rule_and_says_what_is_missing(alice: Client) -> None:
    everybody = text(alice.post("/segments/preview", {"kind": "customer", "match.r": "all"}))
    nobody = text(alice.post("/segments/preview", {**FORM, "value.r.0": "-1"}))
    unfinished = text(alice.post("/segments/preview", {**FORM, "field.r.1": "", "op.r.1": ""}))
    wrong = text(alice.post("/segments/preview", {**FORM, "value.r.0": "many"}))

    assert "<strong>12</strong>" in everybody
    assert "Nobody fits at present" in nobody
    assert "Fill in the conditions" in unfinished
    assert "Enter a number." in wrong


def test_faults_stand_at_their_rows(alice: Client, alices: Seeded) -> None:
    form = {
        **FORM,
        "name": "",
        "value.r.0": "many",
        "field.r.1": "",
        "match.r.2": "any",
    }

    response = alice.post("/segments/new", form)
    html = text(response)

    assert response.status_code == 422
    assert part(html, "error-r.0") == "Enter a number."
    assert part(html, "error-r.1") == "Choose what to look at, or remove the condition."
    assert part(html, "error-r.2") == "Add a condition, or remove the group."
    assert 'id="error_name"' in html


def part(html: str, mark: str) -> str:
    at = html.index(f'id="{mark}"')
    start = html.index("<span>", at) + len("<span>")
    return html[start : html.index("</span>", start)]


def test_the_builder_shows_what_is_stored_and_keeps_what_it_does_not_offer(
    alice: Client, owner: Actor, now: datetime
) -> None:
    rule: dict[str, Any] = {
        "not": {
            "all": [
                {"field": "metadata.gone", "op": "in", "value": ["a", "b"]},
                {"event": "Paid", "op": "did_not", "count": 3, "within_days": 9},
                {"field": "score_change", "op": "lte", "value": -10, "within_days": 7},
            ]
        }
    }
    made = actions.create_segment(owner, name="Odd", rule=rule, now=now)

    html = text(alice.get(f"/segments/{made.pk}/change"))

    assert '<option value="not_all" selected>' in html
    assert '<option value="metadata.gone" selected>' in html
    assert 'value="a, b"' in html
    assert 'name="count.r.1" value="3"' in html
    assert 'name="days.r.2" value="7"' in html


def test_another_field_begins_without_the_value_of_the_last(alice: Client) -> None:
    headers = {"HX-Request": "true", "HX-Trigger": "field-r.0"}

    html = text(alice.post("/segments/rule", {**FORM, "field.r.0": "name"}, headers=headers))

    assert 'name="value.r.0" value=""' in html
    assert re.search(r'id="field-r\.0"[^>]* autofocus', html)


def test_a_segment_is_changed_and_one_is_made_like_another(
    alice: Client, alices: Seeded, segment: Segment
) -> None:
    alice.post(f"/segments/{segment.pk}/change", {**FORM, "name": "Renamed"})
    assert find(alices, "Renamed").rule["all"][0]["value"] == 60

    html = text(alice.get(f"/segments/new?like={segment.pk}"))
    assert 'value="60"' in html
    assert 'value="Renamed"' not in html


def test_a_taken_name_is_refused_at_the_name(alice: Client, segment: Segment) -> None:
    response = alice.post("/segments/new", {**FORM, "name": "users HERE"})

    assert response.status_code == 422
    assert "There is a segment of this name already." in text(response)


def test_a_missing_starter_can_be_begun_with(
    alice: Client, alices: Seeded, owner: Actor, now: datetime
) -> None:
    assert "Or begin with" not in text(alice.get("/segments/new"))
    actions.delete_segment(owner, find(alices, "Critical").pk, now=now)

    html = text(alice.get("/segments/new"))
    begun = text(alice.get("/segments/new?starter=Critical"))

    assert "?starter=Critical" in html
    assert 'value="Critical"' in begun
    assert '<option value="red" selected>' in begun


def test_companies_have_segments_of_their_own(alice: Client, alices: Seeded) -> None:
    html = text(alice.get("/segments/new?kind=company"))
    assert "New segment of companies" in html
    assert "E-mail address" not in html

    form = {**FORM, "kind": "company", "field.r.0": "members", "op.r.0": "gte", "value.r.0": "1"}
    counted = text(alice.post("/segments/preview", form))
    assert "/companies/" in counted
    alice.post("/segments/new", form)
    assert find(alices, "Fallen silent").kind == "company"


def test_deleting_says_what_goes_and_then_does_it(
    alice: Client, alices: Seeded, segment: Segment
) -> None:
    alice.post("/customers/views/new", {"name": "My users", "query": f"segment={segment.pk}"})
    html = text(alice.get(f"/segments/{segment.pk}/delete"))
    assert "Nobody is in it at present" in html

    response = alice.post(f"/segments/{segment.pk}/delete")

    assert response["Location"] == "/segments"
    assert alice.get(f"/segments/{segment.pk}").status_code == 404


def test_names_are_text(alice: Client, owner: Actor, now: datetime) -> None:
    hostile = "<script>alert(1)</script>"
    rule = {"all": [{"field": f"metadata.{hostile}", "op": "eq", "value": hostile}]}
    made = actions.create_segment(owner, name=hostile, rule=rule, now=now)

    for path in ("", f"/{made.pk}", f"/{made.pk}/change", f"/{made.pk}/delete"):
        assert hostile not in text(alice.get(f"/segments{path}"))


@pytest.mark.parametrize(("path", "most"), [("/segments", 10), ("/segments/{pk}", 14)])
def test_pages_cost_the_same_however_many_there_are(
    path: str,
    most: int,
    alice: Client,
    segment: Segment,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(most):
        alice.get(path.format(pk=segment.pk))


def test_customers_are_narrowed_to_a_segment_and_show_theirs(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    critical = seeding_segments.add_segments(alices, now=now).critical
    alice.post("/customers/columns", {"column": ["score", "segments"]})

    html = text(alice.get(f"/customers?segment={critical.pk}"))

    assert "Segment: Critical" in html
    assert f'<option value="{critical.pk}" selected>Critical</option>' in html
    assert html.count('class="cell-head"><div class="person">') == critical_size(critical)
    assert f'href="/customers?segment={critical.pk}" title="Critical"' in html


def test_a_customer_shows_its_segments(alice: Client, alices: Seeded, now: datetime) -> None:
    critical = seeding_segments.add_segments(alices, now=now).critical
    member = queries.list_members(alices.organization.pk, critical.pk).rows[0]

    assert f'href="/segments/{critical.pk}">Critical</a>' in text(
        alice.get(f"/customers/{member.id}")
    )


def test_a_filter_by_a_segment_that_is_gone_finds_nobody(alice: Client, charlie: Client) -> None:
    html = text(alice.get("/customers?segment=999999999"))

    assert "Segment: deleted" in html
    assert "Nobody matches" in html


def critical_size(segment: Segment) -> int:
    return queries.list_members(segment.org_id, segment.pk).total
