"""One item of the tracking protocol, as libraries and as hostile senders write it."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.ingest import bodies, script
from pulsescore.ingest.bodies import BodyFault
from pulsescore.ingest.calls import CALL_LIMIT, Call, CallFault, parse_call
from pulsescore.ingest.storing import Key

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def parse(**item: Any) -> Call:
    sent_at = item.pop("batch_sent_at", None)
    return parse_call(json.dumps(item).encode(), received_at=NOW, sent_at=sent_at)


def track(**item: Any) -> Call:
    return parse(**{"type": "track", "event": "Paid", "userId": "7", **item})


def test_a_call_is_read_with_all_that_it_tells() -> None:
    call = track(properties={"sum": 3}, context={"ip": "1"}, messageId="m", anonymousId="a")
    assert (call.type, call.name, call.user_id, call.anonymous_id) == ("track", "Paid", "7", "a")
    assert (call.properties, call.context, call.message_id) == ({"sum": 3}, {"ip": "1"}, "m")
    assert call.at == NOW


def test_numbers_are_ids_too() -> None:
    assert track(userId=7, messageId=8).user_id == "7"


def test_pages_and_screens_are_named_by_what_was_seen() -> None:
    assert parse(type="page", userId="7").name == "Viewed page"
    assert parse(type="page", userId="7", category="Docs", name="Home").name == (
        "Viewed Docs Home page"
    )
    assert parse(type="screen", userId="7", name="Cart").name == "Viewed Cart screen"


def test_a_wrong_clock_is_corrected_by_what_it_says_when_sending() -> None:
    told = {"originalTimestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-01-01T00:05:00Z"}
    assert track(**told).at == NOW - timedelta(minutes=5)
    assert track(timestamp=told["originalTimestamp"], batch_sent_at=told["sentAt"]).at == (
        NOW - timedelta(minutes=5)
    )


def test_without_sent_at_the_instant_is_taken_as_it_is() -> None:
    assert track(timestamp="2026-04-30T10:00:00+02:00").at == datetime(2026, 4, 30, 8, tzinfo=UTC)
    assert track(timestamp="2026-04-30T10:00:00").at == datetime(2026, 4, 30, 10, tzinfo=UTC)


def test_nothing_happens_after_it_was_received() -> None:
    assert track(timestamp="2027-01-01T00:00:00Z").at == NOW


@given(
    skew=st.timedeltas(min_value=timedelta(days=-900), max_value=timedelta(days=900)),
    age=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
)
@settings(max_examples=40)
def test_however_wrong_the_clock_the_age_counts(skew: timedelta, age: timedelta) -> None:
    sent = NOW + skew
    call = track(originalTimestamp=(sent - age).isoformat(), sentAt=sent.isoformat())
    assert call.at == NOW - age


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"type": "buy", "userId": "7"}, "type"),
        ({"userId": "7"}, "type"),
        ({"type": "track", "event": "x"}, "userId"),
        ({"type": "track", "event": " ", "userId": "7"}, "event"),
        ({"type": "track", "event": "x" * 201, "userId": "7"}, "event"),
        ({"type": "track", "event": "x", "userId": "7" * 256}, "userId"),
        ({"type": "track", "event": "x", "userId": ["7"]}, "userId"),
        ({"type": "group", "userId": "7"}, "groupId"),
        ({"type": "alias", "userId": "7"}, "previousId"),
        ({"type": "identify", "userId": "7", "traits": []}, "traits"),
        ({"type": "track", "event": "x", "userId": "7", "timestamp": "soon"}, "timestamp"),
        ({"type": "track", "event": "x", "userId": "7", "timestamp": "0001-01-01"}, "timestamp"),
        ({"type": "page", "userId": "7", "timestamp": "2026-01-01", "sentAt": "x"}, "sentAt"),
    ],
)
def test_a_fault_names_its_field(item: dict[str, Any], field: str) -> None:
    with pytest.raises(CallFault) as fault:
        parse(**item)
    assert fault.value.field == field
    assert fault.value.message.endswith(".")


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b'"x"', b"{", b"\xff\xfe", b'{"type":"\\ud800"}', b"[" * 3000],
)
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(CallFault):
        parse_call(raw, received_at=NOW, kind="track")


def test_a_call_has_at_most_32_kb() -> None:
    with pytest.raises(CallFault, match="32 kB"):
        track(properties={"x": "y" * CALL_LIMIT})


def test_the_same_bytes_without_a_message_id_are_the_same_message() -> None:
    assert track().message_id == track().message_id != track(event="Left").message_id


def test_text_that_no_database_takes_is_cleaned() -> None:
    call = track(properties={"a\0": "b\0"}, userId="7\0")
    assert (call.user_id, call.properties) == ("7", {"a": "b"})


def test_valid_items_of_a_batch_are_kept() -> None:
    items = [{"type": "track", "event": "A", "userId": "1"}, {"type": "track"}, 5, "x"]
    found = bodies.parse("batch", json.dumps({"batch": items}).encode(), received_at=NOW)
    assert [call.name for call in found.calls] == ["A"]
    assert [one.index for one in found.rejected] == [1, 2, 3]


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("batch", b"{", 400),
        ("batch", b"[]", 400),
        ("batch", b'{"batch": 5}', 400),
        ("batch", b'{"batch": [' + b",".join([b"1"] * 2501) + b"]}", 400),
        ("batch", b" " * (bodies.BATCH_LIMIT + 1), 413),
        ("track", b" " * (CALL_LIMIT + 1), 413),
    ],
)
def test_a_body_that_is_no_batch_is_refused_as_a_whole(
    method: str, body: bytes, status: int
) -> None:
    with pytest.raises(BodyFault) as fault:
        bodies.parse(method, body, received_at=NOW)
    assert fault.value.status == status


def test_compressed_bodies_are_read_up_to_the_limit() -> None:
    assert bodies.unzipped(gzip.compress(b"{}"), method="batch") == b"{}"
    for broken, status in (
        (gzip.compress(b"\0" * 10_000_000), 413),
        (gzip.compress(b"{}" * 99)[:-9], 400),
        (b"plain", 400),
    ):
        with pytest.raises(BodyFault) as fault:
            bodies.unzipped(broken, method="batch")
        assert fault.value.status == status


@given(st.binary(max_size=80))
@settings(max_examples=60)
def test_no_bytes_do_harm(raw: bytes) -> None:
    assert status_of(raw) in (200, 400)
    assert bodies.write_key_of(raw) is None or raw


def status_of(raw: bytes) -> int:
    try:
        bodies.parse("batch", raw, received_at=NOW)
    except BodyFault as fault:
        return fault.status
    return 200


def test_packed_calls_come_back() -> None:
    calls = [track(properties={"a": [1, None, {"b": 2.5}]}, previousId="p")]
    assert bodies.unpack(bodies.pack(calls)) == calls


def test_the_script_is_small_and_carries_the_settings_of_its_key() -> None:
    answer = script.answer("wk_1", Key(1, 2, forwards_to_messenger=True))
    assert len(answer.raw) <= 6 * 1024
    assert b'{"key":"wk_1","forward":true}' in answer.raw
    assert script.answer("wk_1", None).status == 404
    assert script.key_in("js/wk_1.js") == "wk_1"
    assert not script.is_address("js/../x.js")
