"""Dry runs of very many: made by the worker, shown with progress and age, gone with a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db.models import F
from django.test import Client

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import dry_runs
from pulsescore.connectors.intercom.outbound.dry_run import AT_ONCE
from pulsescore.connectors.intercom.outbound.models import DryRun, OutboundSettings, PlannedLine
from pulsescore.segments.models import Member
from pulsescore.store.models import Customer, Source
from tests import seeding_sending
from tests.seeding import Seeded

MANY = AT_ONCE + 1


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def downloaded(response: Any) -> str:
    async def whole() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return async_to_sync(whole)().decode("utf-8-sig")


@pytest.fixture
def crowd(alices: Seeded, now: datetime) -> Connection:
    """Two-way; one segment of more people than are compared while one waits, all to be tagged."""
    connection = seeding_sending.make_two_way(alices)
    org_id = connection.org_id
    segment = seeding_sending.add_crowd(connection, people=MANY, now=now)
    OutboundSettings(
        org_id=org_id, connection=connection, user_segments=[segment.pk], updated_at=now
    ).save()
    return connection


@pytest.fixture
def page(crowd: Connection) -> str:
    return f"/settings/integrations/intercom/{crowd.pk}/sending/dry-run"


def newest(connection: Connection) -> DryRun:
    found = dry_runs.newest(connection, None)
    assert found is not None
    return found


@pytest.fixture
def made(alice: Client, crowd: Connection, page: str, now: datetime) -> DryRun:
    alice.post(f"{page}/make")
    dry_runs.execute(newest(crowd).pk, now=lambda: now)
    return newest(crowd)


def test_many_are_compared_by_the_worker_and_the_page_tells_how_far_it_is(
    alice: Client, crowd: Connection, page: str, now: datetime
) -> None:
    assert "Many are concerned" in text(alice.get(page))
    assert alice.post(f"{page}/make")["Location"] == page
    assert "Waits for a worker" in text(alice.get(page))
    assert dry_runs.waiting_ids() == [newest(crowd).pk]
    DryRun.objects.for_org(crowd.org_id).update(state="running", total=900, looked=500)
    assert "500 of 900 compared" in text(alice.get(page))
    alice.post(f"{page}/make")
    assert DryRun.objects.for_org(crowd.org_id).count() == 1


def test_the_result_has_its_figures_its_writes_by_page_and_its_age(
    alice: Client, crowd: Connection, page: str, made: DryRun
) -> None:
    assert (made.state, made.looked, made.total) == ("done", MANY, MANY)
    assert dry_runs.plan_of(made).tags_added == MANY
    html = text(alice.get(page))
    assert "Nothing changed since" in html
    assert "Crowd 000" in html
    assert "Crowd 060" not in html
    assert "Crowd 060" in text(alice.get(f"{page}?page=2"))
    assert dry_runs.waiting_ids() == []


def test_what_changed_since_is_told(
    alice: Client, crowd: Connection, page: str, made: DryRun, now: datetime
) -> None:
    Source.objects.for_org(crowd.org_id).update(revision=F("revision") + 1)
    assert "Customers or scores changed since" in text(alice.get(page))
    later = now + timedelta(minutes=1)
    OutboundSettings.objects.for_org(crowd.org_id).update(updated_at=later)
    assert "or the mapping, was changed since" in text(alice.get(page))


def test_it_is_downloaded_as_a_file(alice: Client, page: str, made: DryRun) -> None:
    lines = downloaded(alice.get(f"{page}.csv")).splitlines()
    assert len(lines) == MANY + 1
    assert lines[1].endswith("customer,Crowd 000,update,user,tag,,Crowd")


def test_one_that_died_begins_again_and_is_given_up_after_three_times(
    alice: Client, crowd: Connection, page: str, made: DryRun, now: datetime
) -> None:
    rows = DryRun.objects.for_org(crowd.org_id)
    rows.update(state="running", attempts=2, finished_at=None)
    dry_runs.execute(made.pk, now=lambda: now)
    assert PlannedLine.objects.for_org(crowd.org_id).count() == MANY
    assert newest(crowd).state == "done"
    rows.update(state="running")
    dry_runs.execute(made.pk, now=lambda: now)
    assert newest(crowd).state == "failed"
    assert "did not come to its end" in text(alice.get(page))


def test_an_erased_person_is_in_no_dry_run(crowd: Connection, made: DryRun) -> None:
    person = Customer.objects.for_org(crowd.org_id).get(external_id="crowd-7")
    person.delete()
    assert PlannedLine.objects.for_org(crowd.org_id).count() == MANY - 1


def test_old_ones_are_forgotten(
    alice: Client, crowd: Connection, page: str, made: DryRun, now: datetime
) -> None:
    for _ in range(4):
        alice.post(f"{page}/make")
        DryRun.objects.for_org(crowd.org_id).update(state="done")
    assert DryRun.objects.for_org(crowd.org_id).count() == 3
    dry_runs.prune(now=now + timedelta(days=800))
    assert DryRun.objects.for_org(crowd.org_id).count() == 0


def test_few_are_compared_at_once(alice: Client, crowd: Connection, page: str) -> None:
    Member.objects.for_org(crowd.org_id).filter(customer__external_id="crowd-1").delete()
    html = text(alice.get(page))
    assert "Crowd 000" in html
    assert "The first 100 of 300" in html


def test_only_admins_of_the_organization_make_them(bob: Client, charlie: Client, page: str) -> None:
    for path in ("/make", ".csv"):
        act = "post" if path == "/make" else "get"
        assert getattr(bob, act)(f"{page}{path}").status_code == 403
        assert getattr(charlie, act)(f"{page}{path}").status_code == 404
