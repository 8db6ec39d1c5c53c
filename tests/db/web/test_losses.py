"""A loss too great to be believed waits for a person, on pages, in the API and by command."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from pulsescore.accounts.models import AuditEntry
from pulsescore.cli.progress import report
from pulsescore.connectors.intercom.models import Connection, SyncRun
from pulsescore.pipeline import work
from tests import seeding, seeding_intercom
from tests.db.web.test_intercom_pages import api_key, at, text
from tests.seeding import Seeded

WHAT = " would have marked 1,240 of 2,000 contacts as gone. Nothing was marked."
SAID, LAST = f"This run{WHAT}", f"The last reconcile run{WHAT}"
DOOR = "These are really gone"


@pytest.fixture
def refused(alices: Seeded, now: datetime) -> SyncRun:
    return seeding_intercom.refuse_losses(alices.connection, now=now)


def reconciliations(connection: Connection) -> list[SyncRun]:
    runs = SyncRun.objects.for_org(connection.org_id).filter(kind="reconcile", status="queued")
    return list(runs)


def test_the_overview_and_the_run_say_what_was_refused(
    alice: Client, alices: Seeded, refused: SyncRun
) -> None:
    run = at("intercom_run", alices, refused.pk)
    for page, said in ((at("intercom", alices), LAST), (run, SAID)):
        html = text(alice.get(page))
        assert said in html
        assert run in html
        assert DOOR in html
        assert "/help/problems-syncing#too-much-seems-to-be-gone" in html


def test_members_read_it_and_whom_to_ask(bob: Client, alices: Seeded, refused: SyncRun) -> None:
    html = text(bob.get(at("intercom", alices)))

    assert LAST in html
    assert DOOR not in html
    assert "Ada Lovelace can decide" in html


def test_the_decision_is_for_admins_of_the_organization(
    bob: Client, charlie: Client, stranger: Client, alices: Seeded, refused: SyncRun
) -> None:
    page = at("intercom_losses", alices)

    assert [bob.get(page).status_code, bob.post(page).status_code] == [403, 403]
    assert [charlie.get(page).status_code, charlie.post(page).status_code] == [404, 404]
    assert stranger.get(page).status_code == 302
    assert reconciliations(alices.connection) == []


def test_looking_at_the_decision_says_what_happens_and_does_nothing(
    alice: Client, alices: Seeded, refused: SyncRun
) -> None:
    html = text(alice.get(at("intercom_losses", alices)))

    assert LAST in html
    assert "however many that are" in html
    assert reconciliations(alices.connection) == []


def test_a_persons_word_starts_the_reconciliation_that_believes(
    alice: Client, alices: Seeded, refused: SyncRun
) -> None:
    response = alice.post(at("intercom_losses", alices))

    (run,) = reconciliations(alices.connection)
    assert response["Location"] == at("intercom_run", alices, run.pk)
    assert (run.accepts_losses, run.trigger) == (True, "person")
    audited = AuditEntry.objects.for_org(alices.organization.pk)
    assert audited.filter(action="intercom.losses_accepted").count() == 1


def test_once_decided_nothing_waits_any_more(
    alice: Client, alices: Seeded, refused: SyncRun
) -> None:
    alice.post(at("intercom_losses", alices))

    assert DOOR not in text(alice.get(at("intercom", alices)))
    earlier = text(alice.get(at("intercom_run", alices, refused.pk)))
    assert SAID in earlier
    assert DOOR not in earlier
    assert alice.get(at("intercom_losses", alices)).status_code == 302
    alice.post(at("intercom_losses", alices))
    assert len(reconciliations(alices.connection)) == 1


def test_a_later_reconciliation_that_found_everything_ends_the_question(
    alice: Client, alices: Seeded, refused: SyncRun, now: datetime
) -> None:
    later = seeding.add_run(alices.connection, status="succeeded", now=now)
    later.kind, later.created_at = "reconcile", now + timedelta(days=7)
    later.save()

    assert WHAT not in text(alice.get(at("intercom", alices)))


def test_a_disconnected_workspace_is_not_read_again(
    alice: Client, alices: Seeded, refused: SyncRun
) -> None:
    Connection.objects.for_org(alices.organization.pk).update(status="disconnected")

    assert DOOR not in text(alice.get(at("intercom", alices)))
    answer = alice.post(at("intercom_losses", alices), follow=True)
    assert "reconnect it to sync" in text(answer)


def test_the_share_is_set_on_the_form_and_refused_beside_it(alice: Client, alices: Seeded) -> None:
    form = {"mode": "read_only", "conversation_days": "90", "sync_minutes": "5"}
    address = at("intercom_update", alices)

    wrong = alice.post(address, {**form, "largest_loss_percent": "101"})
    assert wrong.status_code == 422
    assert 'id="error_largest_loss_percent"' in text(wrong)
    assert alice.post(address, {**form, "largest_loss_percent": "40"}).status_code == 302

    saved = Connection.objects.for_org(alices.organization.pk).get(pk=alices.connection.pk)
    assert saved.largest_loss_percent == 40
    assert "At most 40 % are believed" in text(alice.get(at("intercom_log", alices)))


def test_the_api_tells_sets_and_decides_the_same(
    alice: Client, alices: Seeded, refused: SyncRun, now: datetime
) -> None:
    headers = api_key(alices, now)
    api = f"/api/v1/integrations/intercom/connections/{alices.connection.pk}"

    told = alice.get(f"{api}/runs/{refused.pk}", headers=headers).json()
    assert told["refused"] == [{"kind": "customer", "missing": 1240, "held": 2000}]
    assert told["findings"] == ["12 conversations read again by their ids"]

    def send(method: str, path: str, **body: object) -> tuple[int, dict[str, object]]:
        answer = alice.generic(
            method,
            f"{api}{path}",
            json.dumps(body),
            "application/json",
            headers=headers,
        )
        return answer.status_code, answer.json()

    assert send("PATCH", "", largest_loss_percent=0)[0] == 422
    assert send("PATCH", "", largest_loss_percent=30)[1]["largest_loss_percent"] == 30
    assert send("POST", "/sync", kind="full", accepts_losses=True)[0] == 422
    status, run = send("POST", "/sync", kind="reconcile", accepts_losses=True)
    assert (status, run["accepts_losses"]) == (202, True)


def test_the_command_believes_only_by_reconciling(alices: Seeded, now: datetime) -> None:
    with pytest.raises(CommandError, match="kind reconcile"):
        call_command("sync", kind="full", accept_losses=True)

    (run,) = work.request_runs(
        connection_id=alices.connection.pk, kind="reconcile", now=now, accepts_losses=True
    )
    assert run.accepts_losses


def test_the_command_tells_what_was_found_and_how_to_decide(refused: SyncRun) -> None:
    assert report(refused) == [
        "  12 conversations read again by their ids",
        SAID,
        "If they are really gone: pulsescore sync --accept-losses",
    ]


def test_the_address_of_the_decision_is_kept() -> None:
    assert reverse("intercom_losses", args=[7]) == "/settings/integrations/intercom/7/losses"
