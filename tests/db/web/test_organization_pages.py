"""Settings → Organization and Audit log."""

from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from pulsescore.accounts import audit, queries
from pulsescore.accounts.models import Membership, Organization, OrganizationRemoval, Role
from tests.db.web.conftest import logged_in
from tests.seeding import PASSWORD, Seeded
from tests.seeding_team import Team, add_team, owner_of


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def streamed(response: object) -> str:
    async def whole() -> bytes:
        parts = response.streaming_content  # type: ignore[attr-defined]
        return b"".join([part async for part in parts])

    return async_to_sync(whole)().decode()


@pytest.fixture
def team(alices: Seeded, now: datetime) -> Team:
    return add_team(alices, now=now)


def stored(alices: Seeded) -> Organization:
    return Organization.objects.get(id=alices.organization.pk)


def test_an_owner_changes_everything(alice: Client, alices: Seeded) -> None:
    given = {
        "name": "Acme 2",
        "time_zone": "Europe/Madrid",
        "support_contact": "https://help.example.com",
        "billing_contact": "pay@example.com",
    }
    page = text(alice.post("/settings/organization", given, follow=True))

    assert "Organization saved." in page
    assert {key: getattr(stored(alices), key) for key in given} == given
    assert 'href="https://help.example.com"' in page


def test_an_admin_does_not_see_or_change_who_is_billed(alices: Seeded, team: Team) -> None:
    admin = logged_in(team.admin.user)

    assert "Billing contact" not in text(admin.get("/settings/organization"))
    admin.post("/settings/organization", {"name": "Acme 3", "billing_contact": "x@example.com"})

    assert (stored(alices).name, stored(alices).billing_contact) == ("Acme 3", "")


def test_a_member_reads_and_changes_nothing(bob: Client, alices: Seeded) -> None:
    page = text(bob.get("/settings/organization"))

    assert "Acme" in page
    assert "Save organization" not in page
    assert bob.post("/settings/organization", {"name": "Mine"}).status_code == 403
    assert stored(alices).name == "Acme"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("time_zone", "Mars/Olympus"),
        ("billing_contact", "nobody"),
        ("support_contact", "x" * 201),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(
    field: str, value: str, alice: Client, alices: Seeded
) -> None:
    response = alice.post("/settings/organization", {"name": "Other", field: value})

    assert response.status_code == 422
    assert f'id="error_{field}"' in text(response)
    assert stored(alices).name == "Acme"


def test_deleting_says_what_it_does_and_asks_for_name_and_password(
    alice: Client, alices: Seeded
) -> None:
    page = text(alice.get("/settings/organization/delete"))
    assert "Type Acme to confirm" in page
    assert "cannot be undone" in page

    for given in (
        {"confirmation": "acme", "current_password": PASSWORD},
        {"confirmation": "Acme", "current_password": "wrong"},
    ):
        response = alice.post("/settings/organization/delete", given)
        assert response.status_code == 422
    assert stored(alices).deleted_at is None


def test_a_deleted_organization_is_left_at_once(alice: Client, alices: Seeded) -> None:
    given = {"confirmation": "Acme", "current_password": PASSWORD}
    response = alice.post("/settings/organization/delete", given)

    assert response["Location"] == "/"
    assert alice.get("/customers")["Location"] == "/organizations/new"
    assert OrganizationRemoval.objects.filter(org_id=alices.organization.pk).exists()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMIN])
def test_only_owners_delete(role: Role, bob: Client, alices: Seeded) -> None:
    Membership.objects.for_org(alices.organization.pk).filter(user__email="bob@example.com").update(
        role=role
    )

    assert bob.get("/settings/organization/delete").status_code == 403
    given = {"confirmation": "Acme", "current_password": PASSWORD}
    assert bob.post("/settings/organization/delete", given).status_code == 403
    assert "Delete this organization" not in text(bob.get("/settings/organization"))
    assert stored(alices).deleted_at is None


def test_the_audit_log_reads_like_sentences(alice: Client, team: Team) -> None:
    page = text(alice.get("/settings/audit-log"))

    assert "invited erin@example.com as member" in page
    assert "created the API key “Nightly export” as member, for reading only" in page
    assert "founded the organization" in page
    assert "<script>alert" not in page


def test_it_is_filtered_by_person_matter_and_day(
    alice: Client, alices: Seeded, team: Team, now: datetime
) -> None:
    by_bob = text(alice.get("/settings/audit-log", {"who": team.admin.user.pk}))
    about_keys = text(alice.get("/settings/audit-log", {"what": "api_key"}))
    tomorrow = (now + timedelta(days=2)).date().isoformat()
    later = text(alice.get("/settings/audit-log", {"from": tomorrow}))

    assert "secured their log-in" in by_bob
    assert "invited" not in by_bob
    assert "created the API key" in about_keys
    assert "invited" not in about_keys
    assert "Nothing matches" in later


@pytest.mark.parametrize(
    "query",
    ["who=x", "who=99999999999999999999", "what=DROP", "from=yesterday", "page=-1", "page=9"],
)
def test_nonsense_in_the_address_shows_the_log(query: str, alice: Client, team: Team) -> None:
    assert alice.get(f"/settings/audit-log?{query}").status_code == 200


def test_pages_of_the_log_cost_the_same_however_long_it_is(
    alice: Client, alices: Seeded, team: Team, django_assert_max_num_queries: object, now: datetime
) -> None:
    for _ in range(60):
        audit.record_by(owner_of(alices), "note.added", subject="customer:1", now=now)
    alice.get("/settings/audit-log")

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        page = text(alice.get("/settings/audit-log"))
    assert "1–50 of" in page
    assert "founded the organization" in text(alice.get("/settings/audit-log?page=2"))


def test_the_download_is_what_is_shown_and_is_written_down(
    alice: Client, alices: Seeded, team: Team
) -> None:
    response = alice.get("/settings/audit-log.csv?what=invitation")
    told = streamed(response)

    assert response["Content-Type"].startswith("text/csv")
    assert "invited erin@example.com as member" in told
    assert "API key" not in told
    entry = queries.list_audit(alices.organization.pk, action="export.audit_log").get()
    assert entry.details == {"what": "invitation"}


def test_only_admins_read_it(charlie: Client, stranger: Client, team: Team) -> None:
    bob = logged_in(team.member.user)
    for path in ("/settings/audit-log", "/settings/audit-log.csv"):
        assert bob.get(path).status_code == 403
        assert stranger.get(path)["Location"].startswith("/login")
    assert "/settings/audit-log" not in text(bob.get("/settings/team"))
    assert "erin@example.com" not in text(charlie.get("/settings/audit-log"))
