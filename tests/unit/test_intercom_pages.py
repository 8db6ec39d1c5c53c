"""Pure parts of Intercom's pages: phases, remedies, filters, words, downloads."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbound.announcing import is_news, ripe_changes
from pulsescore.connectors.intercom.inbox.self_test import fault_of_status
from pulsescore.store.records import ConversationRecord
from pulsescore.web import csv_download
from pulsescore.web.integrations import narrowing, phases, wording
from pulsescore.web.integrations.remedies import remedy_of
from pulsescore.web.onboarding.stages import stage_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(status: str, current: str, **done_and_total: tuple[int, int | None]) -> dict[str, str]:
    counts = {key: {"done": done, "total": total} for key, (done, total) in done_and_total.items()}
    rows = phases.phases_of(status=status, phase=current, phases=counts, kind="full")
    return {row.key: row.state for row in rows}


def test_a_running_import_shows_what_is_done_under_way_and_waiting() -> None:
    shown = told(
        "running", "contacts", companies=(120, 120), contacts=(5, 50), conversations=(0, 80)
    )

    assert shown == {"companies": "done", "contacts": "active", "conversations": "waiting"}


def test_a_queued_run_has_begun_nothing() -> None:
    assert set(told("queued", "").values()) == {"waiting"}


def test_a_failed_run_says_where_it_stopped() -> None:
    shown = told("failed", "contacts", companies=(120, 120), contacts=(5, 50))

    assert shown == {"companies": "done", "contacts": "stopped", "conversations": "stopped"}


def test_a_run_that_succeeded_is_done_in_every_phase() -> None:
    assert set(told("succeeded", "conversations", contacts=(5, None)).values()) == {"done"}


def test_an_incremental_run_shows_only_what_it_read() -> None:
    rows = phases.phases_of(
        status="succeeded",
        phase="conversations",
        phases={"contacts": {"done": 3}},
        kind="incremental",
    )

    assert [row.key for row in rows] == ["contacts"]


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("token_refused", "reconnect"),
        ("permission_missing", "check"),
        ("plan_restricted", "check"),
        ("", "reconnect"),
        ("something_new", "reconnect"),
    ],
)
def test_each_reason_has_the_button_that_mends_it(code: str, act: str) -> None:
    assert remedy_of(code).act == act


@pytest.mark.parametrize(
    ("connection", "run", "stage"),
    [
        ("connected", "queued", "importing"),
        ("connected", "running", "importing"),
        ("connected", "", "importing"),
        ("connected", "failed", "failed"),
        ("connected", "canceled", "failed"),
        ("needs_attention", "failed", "attention"),
        ("needs_attention", "", "attention"),
    ],
)
def test_the_stage_of_a_first_import(connection: str, run: str, stage: str) -> None:
    assert stage_of(connection, run) == stage


class Delivered(NamedTuple):
    topic: str
    deliveries: int
    last_received_at: datetime


def test_topics_stand_by_what_they_concern_with_their_deliveries() -> None:
    groups = wording.topic_groups(
        ["contact.deleted", "conversation.user.replied", "conversation.admin.closed"],
        [Delivered("conversation.user.replied", 40, NOW)],
    )
    conversations = next(group for group in groups if group.title == "Conversations")

    assert conversations.arrived == 1
    assert conversations.text == "conversation.user.replied\nconversation.admin.closed"
    assert [topic.deliveries for topic in conversations.topics] == [40, 0]


def test_what_nobody_asked_for_is_listed_apart() -> None:
    others = wording.topic_states([Delivered("ping", 2, NOW)], without=["contact.deleted"])

    assert [one.name for one in others] == ["ping"]


def test_changed_settings_are_said_in_words_and_secrets_only_named() -> None:
    details = {"mode": "two_way", "conversation_days": 120, "replaced": ["webhook_secret"]}

    said = wording.settings_in_words(details)

    assert said == "Access is now Two-way, 120 days of conversations, new webhook secret"
    assert wording.settings_in_words({}) == ""


def test_filters_that_make_no_sense_are_left_out() -> None:
    filters = narrowing.log_filters(
        QueryDict("kind=nonsense&severity=loud&from=yesterday&to=2026-13-40&search=x")
    )

    assert (filters.kind, filters.severity, filters.since, filters.until) == ("", "", None, None)
    assert filters.search == "x"


def test_a_day_is_meant_as_a_whole() -> None:
    filters = narrowing.delivery_filters(
        QueryDict("from=2026-11-20&to=2026-11-20"), connection_id=1
    )

    assert filters.since == datetime(2026, 11, 20, tzinfo=UTC)
    assert filters.until == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_minute_is_meant_as_a_whole() -> None:
    assert narrowing.last_instant("2026-11-20T10:00") == datetime(2026, 11, 20, 10, 1, tzinfo=UTC)


@given(text=st.text(max_size=40))
def test_no_text_in_the_address_breaks_the_filters(text: str) -> None:
    query = QueryDict(mutable=True)
    query.update(dict.fromkeys(("from", "to", "state", "topic", "page", "kind", "search"), text))

    narrowing.log_filters(query)
    narrowing.delivery_filters(query, connection_id=1)
    narrowing.paging_of(narrowing.page_number(query), 3)


@given(page=st.integers(1, 10**6), total=st.integers(0, 10**6))
def test_a_page_beyond_the_last_shows_the_last(page: int, total: int) -> None:
    paging = narrowing.paging_of(page, total)

    assert 1 <= paging.page <= paging.pages
    assert paging.last <= total
    assert total == 0 or paging.first >= 1


@given(value=st.text(max_size=30))
def test_no_cell_is_taken_for_a_formula(value: str) -> None:
    assert not csv_download.cell(value).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(
    rows=st.lists(
        st.lists(
            st.text(alphabet=st.characters(codec="utf-8"), max_size=12), min_size=2, max_size=2
        ),
        max_size=5,
    )
)
def test_a_download_reads_back_as_it_was_written(rows: list[list[str]]) -> None:
    written = csv_download._lines(rows).decode()

    read = list(csv.reader(io.StringIO(written, newline="")))

    assert read == [[csv_download.cell(value) for value in row] for row in rows]


def talk(name: str, version: datetime | None) -> ConversationRecord:
    return ConversationRecord(external_id=name, version=version, observed_at=NOW)


def test_only_changes_whose_webhook_should_have_arrived_are_judged() -> None:
    records = [
        talk("old", NOW - timedelta(minutes=4)),
        talk("young", NOW - timedelta(seconds=20)),
        talk("timeless", None),
    ]

    assert set(ripe_changes(records, now=NOW, interval_secs=300)) == {"old"}
    assert set(ripe_changes(records, now=NOW, interval_secs=30)) == {"old", "young"}


def test_a_change_is_news_when_what_is_stored_is_older() -> None:
    known = {"told": NOW, "behind": NOW - timedelta(hours=1), "held": None}

    assert not is_news(NOW + timedelta(seconds=30), known, "told")
    assert is_news(NOW, known, "behind")
    assert not is_news(NOW, known, "held")
    assert is_news(NOW, known, "never seen")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (301, "redirects elsewhere"),
        (404, "Something else answers"),
        (405, "Something else answers"),
        (503, "answers with a fault"),
    ],
)
def test_an_answer_that_is_not_ours_is_explained(status: int, said: str) -> None:
    fault = fault_of_status(status, "https://pulse.example.com/x")

    assert fault is not None
    assert said in fault[0]
    assert fault[1]


@pytest.mark.parametrize("status", [200, 401])
def test_our_endpoint_answers_yes_or_refuses_the_signature(status: int) -> None:
    assert fault_of_status(status, "https://pulse.example.com/x") is None
