"""The guide: for members inside the frame, for strangers without it, and never a tenant's data."""

import pytest
from django.test import Client

from pulsescore.web.help.guide import guide
from tests.db.web.conftest import logged_in
from tests.seeding import Seeded

PAGES = [one.name for one in guide("http://127.0.0.1:8000").pages]
FRAME = 'aria-label="Main"'


@pytest.mark.parametrize("name", PAGES)
def test_everybody_may_read_every_page(name: str, stranger: Client, alice: Client) -> None:
    outside, inside = stranger.get(f"/help/{name}"), alice.get(f"/help/{name}")

    assert outside.status_code == inside.status_code == 200
    assert FRAME not in outside.content.decode()
    assert FRAME in inside.content.decode()


def test_a_stranger_is_offered_to_log_in_and_come_back(stranger: Client) -> None:
    html = stranger.get("/help/scoring").content.decode()

    assert "/login?next=/help/scoring" in html


def test_a_stranger_sees_nothing_of_any_organization(stranger: Client, alices: Seeded) -> None:
    for address in ("/help", *(f"/help/{name}" for name in PAGES), "/help?search=customers"):
        html = stranger.get(address).content.decode()
        assert alices.organization.name not in html
        assert alices.connection.workspace_id not in html


def test_somebody_without_an_organization_reads_it_too(db: None) -> None:
    from pulsescore.accounts.models import User  # noqa: PLC0415 (Django is set up by now)

    nomad = logged_in(User.objects.create_user("nomad@example.com", "correct horse battery"))

    assert nomad.get("/help").status_code == 200
    assert "Go to PulseScore" in nomad.get("/help/scoring").content.decode()


def test_the_front_lists_all_pages(alice: Client) -> None:
    html = alice.get("/help").content.decode()

    for one in guide("http://127.0.0.1:8000").pages:
        assert f'href="/help/{one.name}"' in html


def test_a_page_names_its_sections_and_its_neighbours(alice: Client) -> None:
    html = alice.get("/help/webhooks").content.decode()

    assert 'href="#topics-to-tick"' in html
    assert 'id="topics-to-tick"' in html
    assert 'rel="prev" href="/help/connect-intercom"' in html
    assert 'rel="next" href="/help/sources"' in html


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after(alice: Client) -> None:
    first, last = (alice.get(f"/help/{name}").content.decode() for name in (PAGES[0], PAGES[-1]))

    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


def test_addresses_can_be_copied_as_they_are(settings: object, stranger: Client) -> None:
    settings.PUBLIC_URL = "https://scores.example.org"  # type: ignore[attr-defined]

    html = stranger.get("/help/connect-intercom").content.decode()

    assert "https://scores.example.org/integrations/intercom/callback" in html
    assert "pulse.example.com" not in html


def test_a_search_leads_to_the_section(stranger: Client) -> None:
    html = stranger.get("/help", {"search": "redirect_uri_mismatch"}).content.decode()

    assert "/help/problems-connecting#intercom-does-not-accept-the-return-address" in html
    assert "<mark>redirect_uri_mismatch</mark>" in html


@pytest.mark.parametrize("query", ["zebra", "?!", "\x00", "x" * 5000, "%00", "😀"])
def test_a_search_that_finds_nothing_says_so(query: str, stranger: Client) -> None:
    response = stranger.get("/help", {"search": query})

    assert response.status_code == 200


def test_what_is_searched_for_is_shown_as_text(stranger: Client) -> None:
    html = stranger.get("/help", {"search": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("name", ["nothing", "README", "..", "scoring.md", "a/b", "%00"])
def test_a_page_that_does_not_exist_is_not_found(name: str, stranger: Client) -> None:
    assert stranger.get(f"/help/{name}").status_code == 404


@pytest.mark.parametrize("address", ["/help", "/help/scoring"])
def test_reading_is_all_one_can_do(address: str, stranger: Client) -> None:
    assert stranger.post(address).status_code == 405
    assert stranger.head(address).status_code == 200


def test_the_guide_asks_the_database_for_nothing(
    stranger: Client, django_assert_num_queries: object
) -> None:
    stranger.get("/help/scoring")
    with django_assert_num_queries(0):  # type: ignore[operator]
        stranger.get("/help/scoring")
        stranger.get("/help?search=weights")
