"""Settings → Scoring: what is filled in, previewed, refused and saved."""

import re
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.template.loader import render_to_string
from django.test import Client

from pulsescore.accounts.models import AuditEntry
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.exceptions import Cap, Exceptions
from pulsescore.scoring.models import ConfigVersion, RescoreRun
from pulsescore.scoring.queries import get_config
from pulsescore.store.models import Customer
from pulsescore.web.scoring import changing
from pulsescore.web.scoring.fields import as_values
from tests.seeding import Seeded
from tests.seeding_scoring import override_score

VALUES = as_values(DEFAULTS)
SHOWN = ("preview", "before", "after", "levels", "spread", "moves", "everybody", "movers")
LISTED = ("before", "after", "moves", "everybody", "file", "total", "lines", "others")


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def lines_of(response: Any) -> list[str]:
    async def whole() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return async_to_sync(whole)().decode("utf-8-sig").splitlines()


def test_the_page_shows_the_configuration_in_words(alice: Client) -> None:
    html = text(alice.get("/settings/scoring"))

    assert "Half the points at" in html
    assert 'name="half.open_tickets" value="2"' in html
    assert 'name="weight.open_tickets" value="25"' in html


def test_saving_makes_the_next_version(alice: Client, alices: Seeded) -> None:
    wish = {**VALUES, "weight.open_tickets": "35", "weight.reopen_rate": "10", "comment": "Calmer"}

    response = alice.post("/settings/scoring", wish, follow=True)

    config, version = get_config(alices.organization.pk)
    assert version == 2
    assert config.weights["open_tickets"] == pytest.approx(0.35)
    assert "Version 2 is saved" in text(response)
    assert "Calmer" in text(response)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("weight.open_tickets", "30", "The weights must add up to 100 %."),
        ("weight.open_tickets", "-5", "Must not be negative."),
        ("half.open_tickets", "0", "Must be greater than 0."),
        ("half.open_tickets", "many", "Enter a number."),
        ("half.open_tickets", "nan", "Must be a finite number."),
        ("half.open_tickets", "", "Enter a number."),
        ("green", "101", "Must be above 0 and at most 100."),
        ("yellow", "80", "Must be below the score at which healthy begins."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    field: str, value: str, said: str, alice: Client, alices: Seeded
) -> None:
    response = alice.post("/settings/scoring", {**VALUES, field: value})

    assert response.status_code == 422
    assert said in text(response)
    assert not ConfigVersion.objects.for_org(alices.organization.pk).exists()


def test_faults_are_told_at_the_top_with_the_way_to_each_field(alice: Client) -> None:
    wrong = {"weight.open_tickets": "x", "half.support_recency": "0", "green": "y", "yellow": ""}
    html = text(alice.post("/settings/scoring", {**VALUES, **wrong}))

    links = re.findall(r'<li><a href="#(id_\w+)">([^<]+)</a>: ([^<]+)</li>', html)

    assert [name for _id, name, _said in links] == [
        "Weight of Open ticket volume",
        "At risk",
        "Healthy",
    ]
    assert all(html.count(f'id="{anchor}"') == 1 for anchor, _name, _said in links)
    marked = re.findall(r'<input[^>]*name="([^"]+)"[^>]*aria-invalid="true"[^>]*autofocus', html)
    assert marked == ["weight.open_tickets", "yellow", "green"], "the first of them has the focus"


def test_weights_that_miss_the_sum_are_told_at_the_weights(alice: Client) -> None:
    html = text(alice.post("/settings/scoring", {**VALUES, "weight.open_tickets": "30"}))

    assert 'id="fault_weights"' in html
    assert html.count('aria-describedby="fault_weights"') == 5
    assert html.count("autofocus") == 1
    assert re.search(r"data-weights-total>1\d\d %<", html)
    assert "data-weights-total>100 %<" in text(alice.get("/settings/scoring"))


def test_exceptions_are_off_until_they_are_switched_on(alice: Client, alices: Seeded) -> None:
    org_id = alices.organization.pk
    assert "Not seen for" in text(alice.get("/settings/scoring"))
    alice.post("/settings/scoring", VALUES)
    assert get_config(org_id)[0].exceptions == Exceptions()
    wish = {**VALUES, "many_open.on": "1", "many_open.open": "4", "many_open.at_most": "45"}
    alice.post("/settings/scoring", wish)
    assert get_config(org_id)[0].exceptions == Exceptions(many_open=Cap(4, 45))
    html = text(alice.get("/settings/scoring"))
    assert 'name="many_open.on" value="1"' in html
    assert 'name="many_open.open" value="4"' in html


def test_a_wrong_exception_is_told_beside_its_field(alice: Client, alices: Seeded) -> None:
    wrong = {"many_open.on": "1", "many_open.open": "0", "many_open.at_most": "lots"}
    response = alice.post("/settings/scoring", {**VALUES, **wrong})
    assert (response.status_code, "At most: Enter a number." in text(response)) == (422, True)
    assert '<a href="#id_many_open_at_most">With … or more open conversations: at most</a>' in text(
        response
    )
    response = alice.post("/settings/scoring", {**VALUES, **wrong, "many_open.at_most": "101"})
    assert "Must be a whole number from 1 to 10,000." in text(response)
    assert "Must be a whole number from 0 to 100." in text(response)
    assert not ConfigVersion.objects.for_org(alices.organization.pk).exists()


def test_the_preview_tells_who_would_move_and_stores_nothing(alice: Client, alices: Seeded) -> None:
    response = alice.post("/settings/scoring/preview", {**VALUES, "half.support_recency": "1"})

    assert "change level" in text(response) or "changes level" in text(response)
    assert "Biggest movers" in text(response)
    assert not ConfigVersion.objects.for_org(alices.organization.pk).exists()


def test_an_impossible_preview_says_why(alice: Client) -> None:
    response = alice.post("/settings/scoring/preview", {**VALUES, "weight.open_tickets": "30"})

    assert "must add up to 100" in text(response)
    assert 'href="#id_weight_support_recency">Weights</a>' in text(response)


def test_an_estimate_says_of_how_many_and_asks_for_everybody(alice: Client) -> None:
    response = alice.post("/settings/scoring/preview", {**VALUES, "green": "99", "everybody": "1"})
    shown = {name: response.context[name] for name in SHOWN}
    assert "Estimated" not in text(response)

    shown["preview"] = replace(shown["preview"], total=1_000_000)
    html = render_to_string("scoring/preview.html", shown)

    assert re.search(r"About \d+ customers? changes? level", html)
    assert re.search(r"Estimated from \d+ of 1,000,000 customers", html)
    assert (
        """hx-vals='{"everybody": "1"}' hx-trigger="load delay:1s" hx-target="#preview\"""" in html
    )


def test_without_script_the_preview_is_a_button(alice: Client, alices: Seeded) -> None:
    response = alice.post("/settings/scoring", {**VALUES, "green": "99", "preview": "1"})

    assert "Some of them" in text(response)
    assert not ConfigVersion.objects.for_org(alices.organization.pk).exists()


def test_rescoring_shows_its_progress_until_it_ends(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    run = RescoreRun(
        org_id=alices.organization.pk,
        reason="config",
        config_version=1,
        done=3,
        total=12,
        started_at=now,
    )
    run.save(force_insert=True)
    assert "3 of 12 customers" in text(alice.get("/settings/scoring/rescoring"))

    run.finished_at = now
    run.save()
    assert "Everybody was last scored" in text(alice.get("/settings/scoring/rescoring"))


def test_members_see_the_scoring_but_cannot_change_it(bob: Client) -> None:
    html = text(bob.get("/settings/scoring"))

    assert "<fieldset disabled" in html
    assert "Save and rescore" not in html


def test_half_points_are_said_in_the_number_that_fits(alice: Client) -> None:
    html = text(alice.get("/settings/scoring"))

    assert re.search(r'name="half.reopen_rate" value="1".*?>reopening</span>', html)
    assert re.search(r'name="half.open_tickets" value="2".*?>open tickets</span>', html)


def test_the_band_stands_where_the_thresholds_are(alice: Client) -> None:
    html = text(alice.post("/settings/scoring", {**VALUES, "yellow": "30", "preview": "1"}))

    assert 'data-level="yellow" x="30.0" width="40.0"' in html
    assert 'data-level="red" width="40.0"' in text(
        alice.post("/settings/scoring", {**VALUES, "yellow": "many"})
    )


def test_a_preview_opens_the_list_of_those_who_would_move(alice: Client) -> None:
    wish = {**VALUES, "green": "99", "yellow": "95"}
    shown = preview_of(alice, wish)

    count = re.search(r"(\d+) customers change level", shown)
    href = re.search(r'href="(/settings/scoring/changes[^"]+)">See who', shown)
    assert count
    assert href
    page = text(alice.get(unescape(href[1])))

    assert page.count("data-row-link") == int(count[1]) > 1
    assert f"{count[1]} customers with the settings you tried" in page
    assert "yellow=95" in page, "the way back fills the form in again"


def test_the_list_can_be_narrowed_to_one_way(alice: Client) -> None:
    wish = {**VALUES, "green": "99", "yellow": "95"}

    none = text(alice.get("/settings/scoring/changes", {**wish, "before": "red", "after": "green"}))

    assert "Nobody goes this way" in none


def test_of_very_many_the_list_shows_who_moves_most_and_the_file_holds_all(
    alice: Client, alices: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = {**VALUES, "green": "99", "yellow": "95"}
    monkeypatch.setattr(changing, "SHOWN", 1)

    page = text(alice.get("/settings/scoring/changes", wish))
    href = re.search(r'href="(/settings/scoring/changes.csv[^"]+)"', page)
    assert href
    file = alice.get(unescape(href[1]))
    lines = lines_of(file)

    assert page.count("data-row-link") == 1
    assert re.search(r"The 1 whose scores move most, and \d+ more", page)
    assert lines[0].startswith("Customer,E-mail,Score now,Level now,Score then")
    assert f"{len(lines) - 1} customers with the settings you tried" in page
    assert (
        AuditEntry.objects.for_org(alices.organization.pk)
        .filter(action="customers.exported")
        .exists()
    )


def test_the_file_goes_one_way_where_the_list_does(alice: Client) -> None:
    wish = {**VALUES, "green": "99", "yellow": "95", "before": "none", "after": "green"}

    file = alice.get("/settings/scoring/changes.csv", wish)

    assert len(lines_of(file)) == 1
    broken = alice.get("/settings/scoring/changes.csv", {**wish, "green": "300"})
    assert broken.status_code == 302


def test_an_estimated_list_says_of_how_many(alice: Client) -> None:
    response = alice.get("/settings/scoring/changes", {**VALUES, "green": "99"})
    shown = {name: response.context[name] for name in (*LISTED, "preview")}
    shown["preview"] = replace(shown["preview"], total=1_000_000)

    html = render_to_string("scoring/changes.html", shown, response.wsgi_request)

    assert re.search(r"Estimated from \d+ of 1,000,000 customers", html)
    assert "the file looks at everybody" in html


def test_settings_that_move_nobody_say_so(alice: Client) -> None:
    assert "Nobody changes level" in text(alice.get("/settings/scoring/changes", VALUES))


def test_settings_that_cannot_be_tried_say_why(alice: Client) -> None:
    response = alice.get("/settings/scoring/changes", {**VALUES, "green": "300"})

    assert response.status_code == 422
    assert "Must be above 0 and at most 100." in text(response)


def test_the_address_can_fill_the_form_in(alice: Client) -> None:
    html = text(alice.get("/settings/scoring?green=80"))

    assert 'name="green" value="80"' in html
    assert 'name="yellow" value="40"' in html


def test_until_the_worker_has_begun_the_page_says_that_scores_are_old(
    alice: Client, alices: Seeded
) -> None:
    alice.post("/settings/scoring", {**VALUES, "green": "80"})

    assert "Everybody is about to be rescored" in text(alice.get("/settings/scoring/rescoring"))


def test_versions_say_what_each_changed(alice: Client) -> None:
    save(alice, green="80", comment="Stricter")

    html = text(alice.get("/settings/scoring/versions"))

    assert "Healthy from 80 on instead of 70" in html
    assert "Stricter" in html
    assert html.count("in force") == 1


def test_any_two_versions_can_be_compared(alice: Client) -> None:
    save(alice, green="80")
    save(alice, green="80", yellow="50")
    save(alice, green="80", yellow="50", **{"half.open_tickets": "3"})

    before = text(alice.get("/settings/scoring/versions/4"))
    first = text(alice.get("/settings/scoring/versions/4?with=1"))
    same = text(alice.get("/settings/scoring/versions/4?with=4"))

    said = "Open ticket volume: half the points at 3 open tickets instead of 2"
    assert said in before
    assert "Healthy from 80" not in before
    assert said in first
    assert "Healthy from 80 on instead of 70" in first
    assert said in same, "with itself it is compared as if nothing was chosen"


def test_an_old_version_is_restored_as_a_new_one(alice: Client, alices: Seeded) -> None:
    save(alice, green="80")

    response = alice.post(
        "/settings/scoring/versions/1/restore", {"comment": "Too strict"}, follow=True
    )

    assert get_config(alices.organization.pk) == (DEFAULTS, 3)
    assert "Version 3 holds what version 1 did" in text(response)
    assert "Too strict" in text(response)


def test_a_restored_version_can_be_tried_first(alice: Client) -> None:
    save(alice, green="80")

    html = text(alice.get("/settings/scoring?version=1"))

    assert 'name="green" value="70"' in html
    assert 'value="As in version 1"' in html


def test_a_reason_too_long_is_refused_beside_its_field(alice: Client, alices: Seeded) -> None:
    save(alice, green="80")

    response = alice.post("/settings/scoring/versions/1/restore", {"comment": "x" * 501})

    assert response.status_code == 422
    assert "Must be at most 500 characters." in text(response)
    assert get_config(alices.organization.pk)[1] == 2


def test_who_may_not_or_asks_for_what_is_not_there_is_told(
    alice: Client, bob: Client, charlie: Client, stranger: Client
) -> None:
    save(alice, green="80")

    assert alice.get("/settings/scoring/versions/9").status_code == 404
    assert alice.get(f"/settings/scoring/versions/{2**70}").status_code == 404
    assert alice.post("/settings/scoring/versions/2/restore").status_code == 409
    assert alice.get("/settings/scoring/versions/1/restore").status_code == 405
    assert bob.post("/settings/scoring/versions/1/restore").status_code == 403
    assert bob.get("/settings/scoring/changes").status_code == 403
    assert bob.get("/settings/scoring/versions/2").status_code == 200
    assert charlie.get("/settings/scoring/versions/2").status_code == 404
    assert stranger.get("/settings/scoring/versions/2").status_code == 302


def save(client: Client, **changes: str) -> None:
    assert client.post("/settings/scoring", {**VALUES, **changes}).status_code == 302


def preview_of(client: Client, wish: dict[str, str]) -> str:
    return text(client.post("/settings/scoring/preview", wish))


def test_scores_set_by_hand_are_listed_with_their_end(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    assert "None at the moment" in text(alice.get("/settings/scoring"))
    customer = Customer.objects.for_org(alices.organization.pk).earliest("pk")
    override_score(alices, customer.pk, now=now)
    html = text(alice.get("/settings/scoring"))
    assert "They renewed for a year on the phone" in html
    assert f'href="/customers/{customer.pk}"' in html
