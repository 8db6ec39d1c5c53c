"""Settings → Scoring → Backtest and Outcomes: each state, each refusal, each form."""

from datetime import datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pulsescore.scoring.config import FACTORS
from pulsescore.scoring.outcomes.models import Backtest, OutcomeRecord, OutcomeUpload
from pulsescore.store.models import Customer
from tests.seeding import Seeded
from tests.seeding_backtest import add_backtest, add_outcomes, result_of

PAGE, OUTCOMES = "/settings/scoring/backtest", "/settings/scoring/outcomes"


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def streamed(response: Any) -> str:
    async def collect() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return async_to_sync(collect)().decode()


def test_the_first_look_says_what_is_needed(alice: Client) -> None:
    html = text(alice.get(PAGE))

    assert "No backtest yet" in html
    assert "Tell who left" in html


def test_it_is_started_once_and_shows_how_far_it_is(alice: Client, alices: Seeded) -> None:
    alice.post(PAGE)
    alice.post(PAGE)
    org_id = alices.organization.pk
    Backtest.objects.for_org(org_id).update(status="running", done=40, total=120)

    html = text(alice.get(PAGE))

    assert Backtest.objects.for_org(org_id).count() == 1
    assert "Replaying scores" in html
    assert "40 of 120 customers" in html
    assert "Run again" not in html


def test_the_running_part_asks_again_until_it_is_over(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    alice.post(PAGE)
    running = Backtest.objects.for_org(alices.organization.pk).get()
    headers = {"HX-Request": "true", "HX-Target": "backtest-progress"}

    part = alice.get(f"{PAGE}/{running.pk}", headers=headers)
    Backtest.objects.for_org(alices.organization.pk).update(status="failed", finished_at=now)
    over = alice.get(f"{PAGE}/{running.pk}", headers=headers)

    assert "waits for its turn" in text(part)
    assert "<html" not in text(part)
    assert (over.status_code, over["HX-Refresh"]) == (204, "true")


def test_a_result_is_told_in_words(alice: Client, alices: Seeded, now: datetime) -> None:
    add_backtest(alices, now=now)

    html = text(alice.get(PAGE))

    assert "In 78 of 100 pairs the customer who left had the lower score." in html
    assert "Chance allows for any number from 71 to 84" in html
    assert "The scores told well, 30 days before." in html
    missed = Customer.objects.for_org(alices.organization.pk).earliest("id")
    assert f'href="/customers/{missed.pk}"' in html
    assert "had no score yet on that day" in html
    assert "weight.reopen_rate=40" in html


def test_other_horizons_and_old_backtests_are_a_click_away(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    old, _new = add_backtest(alices, now=now), add_backtest(alices, now=now)

    assert f"{PAGE}/{old.pk}" in text(alice.get(PAGE))
    html = text(alice.get(f"{PAGE}/{old.pk}?days=90"))
    assert "Too few to say: 12 outcomes can be looked at 90 days before" in html


def test_the_suggestion_fills_the_form_and_stores_nothing(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    add_backtest(alices, now=now)
    html = text(alice.get(PAGE)).replace("&amp;", "&")
    address = html.split('href="/settings/scoring?')[1].split('"')[0]

    form = text(alice.get(f"/settings/scoring?{address}"))

    assert 'name="weight.reopen_rate" value="40"' in form
    assert "Suggested by a backtest, 60 days before" in form


def test_a_suggestion_that_may_be_chance_offers_no_button(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    result = result_of(alices)
    result["suggestion"] |= {"better": False, "gain_low": -0.01}
    add_backtest(alices, now=now, result=result)

    html = text(alice.get(PAGE))

    assert "That may be chance" in html
    assert "Fill in the scoring form" not in html


def test_too_few_and_failed_say_so(alice: Client, alices: Seeded, now: datetime) -> None:
    empty = {**result_of(alices), "suggestion": None}
    empty["horizons"] = [empty["horizons"][2]]
    add_backtest(alices, now=now, status="too_few", result=empty)
    assert "Too few outcomes to say anything" in text(alice.get(PAGE))

    add_backtest(alices, now=now, status="failed", problem="Out of luck.")
    html = text(alice.get(PAGE))
    assert "The backtest failed" in html
    assert "Out of luck." in html


def test_an_erased_customer_is_missing_from_a_result(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    add_backtest(alices, now=now)
    Customer.objects.for_org(alices.organization.pk).all().delete()

    assert "They are erased." in text(alice.get(PAGE))


def test_who_left_is_listed_with_where_it_was_told(
    alice: Client, alices: Seeded, now: datetime, django_assert_max_num_queries: Any
) -> None:
    add_outcomes(alices, now=now)

    with django_assert_max_num_queries(20):
        html = text(alice.get(OUTCOMES))

    assert "?source=csv" in html
    assert "?source=attribute" not in html
    assert text(alice.get(f"{OUTCOMES}?source=api")).count('data-label="Told by"') == 1


def test_an_attribute_is_chosen_refused_and_dropped(alice: Client, alices: Seeded) -> None:
    assert "metadata.renewal" in text(alice.get(OUTCOMES))
    refused = alice.post(f"{OUTCOMES}/attribute", {"field": "renewal"})
    assert refused.status_code == 422
    assert "Name an attribute as" in text(refused)

    chosen = alice.post(f"{OUTCOMES}/attribute", {"field": "metadata.renewal"}, follow=True)
    assert "12 days were found in metadata.renewal." in text(chosen)
    assert OutcomeRecord.objects.for_org(alices.organization.pk).count() == 12

    alice.post(f"{OUTCOMES}/attribute", {"drop": "1"})
    assert not OutcomeRecord.objects.for_org(alices.organization.pk).exists()


def test_a_file_goes_by_its_columns_to_what_was_refused(alice: Client, alices: Seeded) -> None:
    org_id = alices.organization.pk
    mail = Customer.objects.for_org(org_id).exclude(email=None).earliest("id").email
    content = f'Churned,Mail\n31/3/2026,{mail}\n31/3/2026,"=HYPERLINK(1)"\n'.encode()
    file = SimpleUploadedFile("<b>left.csv", content)

    page = alice.post(f"{OUTCOMES}/files", {"file": file}, follow=True)
    html = text(page)
    assert "&lt;b&gt;left.csv" in html
    assert '<option value="1" selected>Mail' in html
    assert '<option value="dmy" selected>' in html
    assert "31 Mar 2026" in html

    address = page.redirect_chain[-1][0]
    mapping = {"key_column": "1", "key": "email", "day_column": "0", "style": "dmy"}
    tried = alice.post(address, {**mapping, "style": "iso", "preview": "1"})
    assert "This is not a day." in text(tried)
    assert not OutcomeRecord.objects.for_org(org_id).exists()

    done = text(alice.post(address, mapping, follow=True))
    assert "1 outcome imported." in done
    refused = alice.get(f"{address}/refused.csv")
    assert "'=HYPERLINK(1)" in streamed(refused)


@pytest.mark.parametrize("content", [None, b"", b"one\n", b"a,b\n\x00,1\n"])
def test_what_is_no_table_is_refused(content: bytes | None, alice: Client) -> None:
    given = {} if content is None else {"file": SimpleUploadedFile("x.csv", content)}

    response = alice.post(f"{OUTCOMES}/files", given)

    assert response.status_code == 422
    assert 'id="error_file"' in text(response)


def test_columns_that_cannot_be_meant_are_refused(alice: Client, alices: Seeded) -> None:
    kept = add_upload(alices)
    same = {"key_column": "0", "key": "email", "day_column": "0", "style": "iso"}

    for given in (same, {}, {**same, "day_column": "77"}):
        response = alice.post(f"{OUTCOMES}/files/{kept.pk}", given)
        assert response.status_code == 422


def test_members_read_and_change_nothing(bob: Client, alices: Seeded, now: datetime) -> None:
    add_outcomes(alices, now=now)
    add_backtest(alices, now=now)
    row = OutcomeRecord.objects.for_org(alices.organization.pk).first()
    assert row is not None

    assert "Fill in the scoring form" not in text(bob.get(PAGE))
    assert "By a file" not in text(bob.get(OUTCOMES))
    for address in (
        PAGE,
        f"{OUTCOMES}/attribute",
        f"{OUTCOMES}/files",
        f"{OUTCOMES}/{row.pk}/remove",
    ):
        assert bob.post(address).status_code == 403
    assert bob.get(f"{OUTCOMES}/files/{add_upload(alices).pk}").status_code == 403


def test_strangers_and_other_organizations_find_nothing(
    stranger: Client, charlie: Client, alices: Seeded, now: datetime
) -> None:
    add_outcomes(alices, now=now)
    one, kept = add_backtest(alices, now=now), add_upload(alices)
    row = OutcomeRecord.objects.for_org(alices.organization.pk).first()
    assert row is not None

    for address in (PAGE, OUTCOMES, f"{PAGE}/{one.pk}"):
        assert stranger.get(address).status_code == 302
    for address in (f"{PAGE}/{one.pk}", f"{OUTCOMES}/files/{kept.pk}"):
        assert charlie.get(address).status_code == 404
    assert charlie.post(f"{OUTCOMES}/{row.pk}/remove").status_code == 404
    assert charlie.get(f"{PAGE}/99999999999999999999").status_code == 404


def test_an_outcome_is_removed(alice: Client, alices: Seeded, now: datetime) -> None:
    add_outcomes(alices, now=now)
    row = OutcomeRecord.objects.for_org(alices.organization.pk).first()
    assert row is not None

    response = alice.post(f"{OUTCOMES}/{row.pk}/remove", follow=True)

    assert "The outcome is removed." in text(response)
    assert alice.get(f"{OUTCOMES}/{row.pk}/remove").status_code == 405


def test_every_factor_has_its_suggested_weight(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    add_backtest(alices, now=now)

    html = text(alice.get(PAGE))

    assert all(f"weight.{key}=" in html for key in FACTORS)


def add_upload(alices: Seeded) -> OutcomeUpload:
    return OutcomeUpload.objects.for_org(alices.organization.pk).create(
        org_id=alices.organization.pk,
        filename="left.csv",
        content="mail,day\na@b.c,2026-01-01\n",
        uploaded_at=alices.organization.created_at,
    )
