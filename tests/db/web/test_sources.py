"""Settings → Sources: an admin makes write keys, sets them up and ends them."""

from datetime import datetime

import pytest
from django.test import Client

from pulsescore.accounts.models import AuditEntry
from pulsescore.ingest.models import ArrivedBatch, WriteKey
from tests.db.web.test_intercom_pages import text
from tests.seeding import Seeded


@pytest.fixture
def key(alice: Client, alices: Seeded) -> WriteKey:
    assert alice.post("/settings/sources", {"name": "Website"}).status_code == 302
    return WriteKey.objects.for_org(alices.organization.pk).get()


def test_before_the_first_key_the_page_says_what_to_do(alice: Client) -> None:
    assert "No sources yet" in text(alice.get("/settings/sources"))


def test_a_new_key_leads_to_its_line_for_websites_and_is_audited(
    alice: Client, alices: Seeded, key: WriteKey
) -> None:
    page = text(alice.get(f"/settings/sources/{key.pk}"))
    assert f"/v1/js/{key.key}.js" in page
    assert key.key in page
    assert "Nothing has arrived" in page
    assert "Website" in text(alice.get("/settings/sources"))
    audited = AuditEntry.objects.for_org(alices.organization.pk)
    assert audited.filter(action="write_key.created").exists()


def test_a_key_needs_a_name_and_the_field_that_lacks_it_is_gone_to(alice: Client) -> None:
    response = alice.post("/settings/sources", {"name": " "})

    assert response.status_code == 422
    assert 'aria-invalid="true" autofocus' in text(response)
    assert "autofocus" not in text(alice.get("/settings/sources"))


def test_forwarding_is_switched(alice: Client, key: WriteKey) -> None:
    for given, is_on in (({"forwards_to_messenger": "1"}, True), ({}, False)):
        assert alice.post(f"/settings/sources/{key.pk}", given).status_code == 302
        key.refresh_from_db()
        assert key.forwards_to_messenger is is_on


def test_revoking_asks_first(alice: Client, key: WriteKey) -> None:
    path = f"/settings/sources/{key.pk}/revoke"
    assert "cannot be brought back" in text(alice.get(path))
    assert alice.post(path).status_code == 302
    assert alice.get(f"/settings/sources/{key.pk}").status_code == 404
    assert alice.post(path).status_code == 404


def test_what_was_given_up_is_told_and_tried_again(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    ArrivedBatch(org_id=alices.organization.pk, calls=b"\x90", size=1, received_at=now).save()
    assert "1 request could not be applied" in text(alice.get("/settings/sources"))
    assert "1 request tried again" in text(alice.post("/settings/sources/retry", follow=True))
    assert "could not be applied" not in text(alice.get("/settings/sources"))


def test_members_and_strangers_do_not_get_in(bob: Client, charlie: Client, key: WriteKey) -> None:
    assert bob.get("/settings/sources").status_code == 403
    assert charlie.get(f"/settings/sources/{key.pk}").status_code == 404
