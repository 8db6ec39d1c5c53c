"""Settings → Scoring: what is filled in, previewed, refused and saved."""

from datetime import datetime

import pytest
from django.test import Client

from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.models import ConfigVersion, RescoreRun
from pulsescore.scoring.queries import get_config
from pulsescore.web.scoring.fields import as_values
from tests.seeding import Seeded

VALUES = as_values(DEFAULTS)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


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
        ("yellow", "80", "Must be below the score at which green begins."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    field: str, value: str, said: str, alice: Client, alices: Seeded
) -> None:
    response = alice.post("/settings/scoring", {**VALUES, field: value})

    assert response.status_code == 422
    assert said in text(response)
    assert not ConfigVersion.objects.for_org(alices.organization.pk).exists()


def test_the_preview_tells_who_would_move_and_stores_nothing(alice: Client, alices: Seeded) -> None:
    response = alice.post("/settings/scoring/preview", {**VALUES, "green": "99", "yellow": "95"})

    assert "change level" in text(response) or "changes level" in text(response)
    assert "Biggest movers" in text(response)
    assert not ConfigVersion.objects.for_org(alices.organization.pk).exists()


def test_an_impossible_preview_says_why(alice: Client) -> None:
    response = alice.post("/settings/scoring/preview", {**VALUES, "weight.open_tickets": "30"})

    assert "must add up to 100" in text(response)


def test_without_script_the_preview_is_a_button(alice: Client, alices: Seeded) -> None:
    response = alice.post("/settings/scoring", {**VALUES, "green": "99", "preview": "1"})

    assert "Biggest movers" in text(response)
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
