"""The Sending page: what two-way would allow, how sending stands, what was written and refused."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import planning
from pulsescore.connectors.intercom.outbound.models import SendRun, WriteRecord
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.scoring.queries import CustomerFilters, list_customers
from pulsescore.segments.models import Segment
from tests import seeding_segments, seeding_sending
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def two_way(alices: Seeded) -> Connection:
    return seeding_sending.make_two_way(alices)


@pytest.fixture
def page(two_way: Connection) -> str:
    return f"/settings/integrations/intercom/{two_way.pk}/sending"


@pytest.fixture
def written(alices: Seeded, two_way: Connection, now: datetime) -> list[WriteRecord]:
    return seeding_sending.add_writes(alices, two_way, now=now)


def test_read_only_says_what_two_way_would_allow_and_nothing_else(
    alice: Client, bob: Client, alices: Seeded
) -> None:
    page = f"/settings/integrations/intercom/{alices.connection.pk}/sending"

    html, members = text(alice.get(page)), text(bob.get(page))

    assert "Two-way would allow" in html
    assert "Who is sent" not in html
    assert "Change access to two-way" in html
    assert "Last writes" not in html
    assert "can switch it on" in members
    assert "Change access to two-way" not in members


def test_before_anything_is_sent_the_page_says_so(alice: Client, page: str) -> None:
    assert "Nothing was written yet" in text(alice.get(page))
    assert "Everything fits" in text(alice.get(f"{page}/refused"))
    assert "Nothing was written" in text(alice.get(f"{page}/writes"))


def test_writes_are_read_as_a_diff(alice: Client, page: str, written: list[WriteRecord]) -> None:
    for path in (page, f"{page}/writes"):
        html = text(alice.get(path))
        assert '<del class="break">XYZ</del>' in html
        assert '<ins class="break">XYZ Inc.</ins>' in html
        assert "Put on the tag" in html
        assert "Intercom says: seats is not a number" in html


def test_the_log_is_narrowed_to_one_customer(
    alice: Client, page: str, written: list[WriteRecord]
) -> None:
    html = text(alice.get(f"{page}/writes?customer={written[0].customer_id}"))

    assert "XYZ Inc." in html
    assert "Put on the tag" not in html


def test_refused_values_stand_with_their_reason(
    alice: Client, page: str, written: list[WriteRecord]
) -> None:
    html = text(alice.get(f"{page}/refused"))

    assert "seats" in html
    assert "seats is not a number" in html


def test_others_see_nothing_and_strangers_log_in(
    charlie: Client, stranger: Client, page: str
) -> None:
    for path in ("", "/writes", "/refused"):
        assert charlie.get(f"{page}{path}").status_code == 404
        assert "/login" in stranger.get(f"{page}{path}")["Location"]


def test_the_log_costs_the_same_however_long_it_is(
    alice: Client,
    page: str,
    written: list[WriteRecord],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(16):
        alice.get(f"{page}/writes")


CHOSEN = {"tag_segments": "1", "events": "named", "event": ["Paid"], "confirm_above": "50"}


@pytest.fixture
def critical(alices: Seeded, now: datetime) -> Segment:
    return seeding_segments.add_segments(alices, now=now).critical


def test_what_is_sent_is_chosen_in_the_form(
    alice: Client, two_way: Connection, page: str, critical: Segment
) -> None:
    form = {**CHOSEN, "user_segments": [str(critical.pk)], "event_names": "Upgraded\n\nPaid"}

    response = alice.post(f"{page}/save", form)

    assert response["Location"] == page
    kept = settings_of(two_way)
    assert kept.user_segments == [critical.pk]
    assert kept.events == ["Paid", "Upgraded"]
    assert (kept.tag_segments, kept.convert_leads, kept.confirm_above) == (True, False, 50)
    html = text(alice.get(page))
    assert f'value="{critical.pk}" checked' in html
    assert "Stop sending" in html


def test_what_does_not_fit_is_refused_at_its_field(
    alice: Client, two_way: Connection, page: str
) -> None:
    response = alice.post(f"{page}/save", {**CHOSEN, "confirm_above": "many"})

    assert response.status_code == 422
    assert 'id="error_confirm_above"' in text(response)
    assert not settings_of(two_way).is_saved


def test_tags_that_would_close_a_circle_are_refused_below_their_switch(
    alice: Client, alices: Seeded, two_way: Connection, page: str, now: datetime
) -> None:
    sent = seeding_sending.add_circle(alices, two_way, now=now)
    response = alice.post(f"{page}/save", {**CHOSEN, "user_segments": [str(sent.pk)]})
    html = text(response)

    assert response.status_code == 422
    assert html.index('name="tag_segments"') < html.index("with these tags")
    assert html.index("with these tags") < html.index('name="convert_leads"')
    assert not settings_of(two_way).is_saved


def test_a_dry_run_reads_as_a_diff_even_before_two_way(
    alice: Client, alices: Seeded, critical: Segment, now: datetime
) -> None:
    page = f"/settings/integrations/intercom/{alices.connection.pk}/sending"
    assert "Who is sent" in text(alice.get(f"{page}?prepare=1"))
    assert "Nobody is chosen" in text(alice.get(f"{page}/dry-run"))

    alice.post(f"{page}/save", {**CHOSEN, "user_segments": [str(critical.pk)]})
    html = text(alice.get(f"{page}/dry-run"))

    assert '<ins class="break">Critical</ins>' in html
    assert "Tags to be made or taken over in Intercom: Critical." in html
    assert "none of this leaves before" in html
    assert WriteRecord.objects.for_org(alices.organization.pk).count() == 0


def test_sending_is_stopped_and_goes_on(
    alice: Client, two_way: Connection, page: str, critical: Segment
) -> None:
    alice.post(f"{page}/save", {**CHOSEN, "user_segments": [str(critical.pk)]})

    alice.post(f"{page}/stop")
    assert "Sending is stopped" in text(alice.get(page))
    refused = alice.post(f"{page}/send", follow=True)
    assert "Sending is stopped: let it go on first." in text(refused)

    alice.post(f"{page}/resume")
    assert "Sending is stopped" not in text(alice.get(page))
    assert "Send of everybody chosen" in text(alice.post(f"{page}/send", follow=True))


def test_a_large_run_waits_for_a_word(
    alice: Client, two_way: Connection, page: str, critical: Segment, now: datetime
) -> None:
    alice.post(
        f"{page}/save", {**CHOSEN, "user_segments": [str(critical.pk)], "confirm_above": "0"}
    )
    planning.plan(two_way, now=now)
    assert planning.hold_if_many(two_way, now=now)

    html = text(alice.get(page))
    assert "wait for you" in html
    assert "Drop them" in html

    told = text(alice.post(f"{page}/confirm", follow=True))
    assert "sent in the background" in told
    assert "wait for you" not in told


def test_a_write_is_undone_from_the_log(
    alice: Client, page: str, written: list[WriteRecord]
) -> None:
    html = text(alice.get(f"{page}/writes"))
    assert f"/writes/{written[0].pk}/undo" in html
    assert f"/writes/{written[2].pk}/undo" not in html

    response = alice.post(
        f"{page}/writes/{written[0].pk}/undo", {"next": f"{page}/writes"}, follow=True
    )

    assert "undone in a moment" in text(response)
    assert "Undone" in text(response)
    assert " by " in text(response)


def test_members_see_what_is_chosen_and_change_nothing(
    bob: Client, alice: Client, page: str, critical: Segment, written: list[WriteRecord]
) -> None:
    alice.post(f"{page}/save", {**CHOSEN, "user_segments": [str(critical.pk)]})

    html = text(bob.get(page))

    assert f'href="/segments/{critical.pk}">Critical</a>' in html
    assert "Stop sending" not in html
    for act in ("save", "send", "stop", "resume", "confirm", "discard"):
        assert bob.post(f"{page}/{act}").status_code == 403
    assert bob.get(f"{page}/dry-run").status_code == 403
    assert bob.post(f"{page}/writes/{written[0].pk}/undo").status_code == 403


def test_one_customer_is_fetched_sent_and_tagged_by_hand(
    alice: Client, bob: Client, alices: Seeded, two_way: Connection, page: str
) -> None:
    customer = f"/customers/{some_customer(alices)}"
    html = text(alice.get(customer))
    assert "Send to Intercom" in html
    assert "Send to Intercom" not in text(bob.get(customer))

    told = text(bob.post(f"{customer}/refresh", follow=True))
    assert "read from Intercom again" in told
    told = text(alice.post(f"{customer}/send", {"connection": str(two_way.pk)}, follow=True))
    assert "sent to Intercom, in a moment" in told
    told = text(alice.post(f"{customer}/tag", {"name": "VIP", "on": "1"}, follow=True))
    assert "“VIP” is put on in Intercom" in told
    told = text(alice.post(f"{customer}/tag", {"name": " ", "on": "1"}, follow=True))
    assert "A tag has 1 to 255 characters." in told
    assert "Tag to put on" in text(alice.get(f"{customer}/tag"))
    for act in ("send", "tag"):
        assert bob.post(f"{customer}/{act}").status_code == 403


def test_over_a_read_only_connection_a_customer_is_only_fetched(
    alice: Client, alices: Seeded
) -> None:
    customer = f"/customers/{some_customer(alices)}"

    html = text(alice.get(customer))
    told = text(alice.post(f"{customer}/tag", {"name": "VIP"}, follow=True))

    assert "Fetch from Intercom" in html
    assert "Send to Intercom" not in html
    assert "This connection is read only: choose Two-way first." in told


def test_values_that_are_not_sent_stand_at_the_customer(
    alice: Client, written: list[WriteRecord]
) -> None:
    html = text(alice.get(f"/customers/{written[2].customer_id}"))

    assert "1 value not sent to Intercom" in html
    assert "seats is not a number" in html


def test_deleting_a_segment_tells_that_its_tag_goes(
    alice: Client, page: str, critical: Segment
) -> None:
    alice.post(f"{page}/save", {**CHOSEN, "user_segments": [str(critical.pk)]})

    html = text(alice.get(f"/segments/{critical.pk}/delete"))

    assert "its tag is taken off its members there" in html


def some_customer(alices: Seeded) -> int:
    return list_customers(alices.organization.pk, filters=CustomerFilters()).customers[0].id


def test_each_kind_is_fetched_and_sent_by_a_button_of_its_own(
    alice: Client, two_way: Connection, page: str, critical: Segment, alices: Seeded
) -> None:
    alice.post(f"{page}/save", {**CHOSEN, "user_segments": [str(critical.pk)]})
    html = text(alice.get(page))
    for name in ("everything", "users", "leads", "companies"):
        assert f'aria-label="Fetch {name}"' in html
    assert 'aria-label="Send leads"' in html
    assert 'aria-label="Send companies"' not in html

    overview = f"/settings/integrations/intercom/{two_way.pk}"
    back = alice.post(f"{overview}/sync", {"scope": "leads", "next": page})
    assert back["Location"] == page
    assert "Waits for a worker" in text(alice.get(page))
    assert queries.last_fetches(two_way)["leads"].trigger == "person"

    run_page = alice.post(f"{page}/send", {"scope": "leads"})["Location"]
    html = text(alice.get(run_page))
    assert "Send of leads" in html
    assert "asked for by" in html
    assert "Stopped by" in text(alice.post(f"{run_page}/stop", follow=True))
    assert "has ended already" in text(alice.post(f"{run_page}/stop", follow=True))
    assert "Send of leads" in text(alice.get(f"{page}/runs"))


@pytest.fixture
def runs(alices: Seeded, written: list[WriteRecord], now: datetime) -> list[SendRun]:
    return seeding_sending.add_runs(alices, now=now)


def test_runs_are_shown_in_every_state_to_members_who_cannot_stop_them(
    bob: Client, charlie: Client, page: str, runs: list[SendRun]
) -> None:
    for run in runs:
        html = text(bob.get(f"{page}/runs/{run.pk}"))
        assert run.title in html
        assert "Stop this run" not in html
        assert bob.post(f"{page}/runs/{run.pk}/stop").status_code == 403
        assert charlie.get(f"{page}/runs/{run.pk}").status_code == 404
    assert "120 of 310 sent" in text(bob.get(page))
    assert "30 written, 1 refused" in text(bob.get(page))
    assert "Of one run" in text(bob.get(f"{page}/writes?run={runs[0].pk}"))


def test_read_only_connections_fetch_and_say_why_they_do_not_send(
    alice: Client, alices: Seeded
) -> None:
    html = text(alice.get(f"/settings/integrations/intercom/{alices.connection.pk}"))
    assert 'aria-label="Fetch users"' in html
    assert 'aria-label="Send users"' not in html
