"""What cannot be shown: each page says what happened, what to do, and a reference to quote."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.seeding import Seeded

FRAME = "Skip to content"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def reference(response: object) -> str:
    found = re.search(r"Reference <code>([^<]+)</code>", text(response))
    assert found, "an error page shows a reference"
    return found.group(1)


def test_a_member_finds_the_way_on_inside_the_frame(alice: Client, alices: Seeded) -> None:
    response = alice.get("/nowhere")

    assert response.status_code == 404
    assert FRAME in text(response)
    assert f"You are looking at {alices.organization.name}" in text(response)
    assert 'href="/help/' in text(response)


def test_a_stranger_gets_the_same_without_the_frame(stranger: Client) -> None:
    response = stranger.get("/nowhere")

    assert response.status_code == 404
    assert FRAME not in text(response)
    assert "There is nothing here" in text(response)


def test_the_reference_is_the_one_of_the_answer(alice: Client) -> None:
    response = alice.get("/nowhere")

    assert reference(response) == response["X-Request-ID"]


def test_a_missing_role_is_named_and_who_could_help(bob: Client, alices: Seeded) -> None:
    response = bob.get("/settings/api-keys")

    assert response.status_code == 403
    assert "needs the role admin" in text(response)
    assert 'href="/settings/team"' in text(response)


@pytest.mark.urls("tests.db.web.failing_urls")
class TestFaults:
    """Faults that no page of the product has on purpose."""

    def test_our_own_fault_asks_the_database_nothing(
        self, alice: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        alice.raise_request_exception = False
        session_and_person = 3

        with django_assert_num_queries(session_and_person):
            response = alice.get("/fails/broken")

        assert response.status_code == 500
        assert "Something went wrong on our side" in text(response)
        assert reference(response) == response["X-Request-ID"]
        assert "somebody@example.com" not in text(response)

    @pytest.mark.parametrize(
        ("path", "status", "words"),
        [
            ("unreadable", 400, "We could not read this request"),
            ("contradictory", 409, "reconnect it to sync"),
            ("too-often", 429, "Too many attempts"),
        ],
    )
    def test_each_fault_has_its_page(
        self, path: str, status: int, words: str, alice: Client
    ) -> None:
        response = alice.get(f"/fails/{path}")

        assert response.status_code == status
        assert words in text(response)
        assert reference(response)

    def test_what_is_too_large_is_said_so(self, stranger: Client) -> None:
        response = stranger.post("/fails/fields", {"note": "x" * (2 * 1024 * 1024 + 1)})

        assert response.status_code == 413
        assert "This was too large" in text(response)

    def test_log_lines_carry_the_reference(self, stranger: Client) -> None:
        response = stranger.get("/fails/logged-name")

        assert text(response) == response["X-Request-ID"]


@pytest.mark.parametrize(
    ("proposed", "kept"),
    [("proxy-1234.abc", True), ("short", False), ("x" * 65, False), ("line\tbreak-12", False)],
)
def test_a_proxys_name_for_a_request_is_kept_if_it_can_harm_no_log(
    proposed: str, kept: bool, stranger: Client
) -> None:
    response = stranger.get("/healthz", headers={"X-Request-ID": proposed})

    assert (response["X-Request-ID"] == proposed) is kept
    assert response["X-Request-ID"]


def test_an_address_of_a_button_explains_itself(alice: Client) -> None:
    response = alice.get("/theme")

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "This address is not a page" in text(response)


def test_a_form_that_is_too_old_leads_back_to_its_page(alices: Seeded) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/login", {"email": "alice@example.com", "password": "x"})

    assert response.status_code == 403
    assert 'href="/login"' in text(response)


def test_a_part_of_a_page_asked_for_after_log_out_moves_the_whole_page(stranger: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://pulse.example/customers?risk=red"}

    response = stranger.get("/customers", headers=headers)

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/login?next=/customers%3Frisk%3Dred"
