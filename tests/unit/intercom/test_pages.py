"""Pages: every way to the next one, and records that spoil only themselves."""

import json
from typing import Any

import pytest

from pulsescore.connectors.intercom.api.errors import UnreadableAnswer
from pulsescore.connectors.intercom.api.pages import Page, decode_page, follow
from pulsescore.connectors.intercom.api.schemas import Company, Contact, Conversation


def page_of(answer: Any, kind: Any = Contact) -> Page[Any]:
    return decode_page(json.dumps(answer).encode(), kind, path="/contacts")


@pytest.mark.parametrize(
    ("following", "cursor"),
    [
        ({"starting_after": "abc"}, "abc"),
        ({"page": 2, "starting_after": "abc"}, "abc"),
        ({"page": 2}, "2"),
        ("https://api.intercom.io/companies/f1/contacts?per_page=50&page=3", "3"),
        ("https://elsewhere.example/x?starting_after=q%3D", "q="),
        (None, None),
        ({}, None),
        ("", None),
    ],
)
def test_the_next_page_is_found_in_every_form(following: object, cursor: str | None) -> None:
    assert page_of({"data": [], "pages": {"next": following}}).cursor == cursor


def test_records_are_found_under_the_name_of_the_endpoint() -> None:
    assert page_of({"conversations": [{"id": "7"}]}, Conversation).items[0].id == "7"
    assert page_of({"companies": [{"id": "7"}]}, Company).items[0].id == "7"


def test_one_malformed_record_costs_only_itself() -> None:
    page = page_of({"data": [{"id": "a"}, {"id": "b", "email": 7}, {"id": "c"}], "total_count": 3})
    assert [one.id for one in page.items] == ["a", "c"]
    assert page.unreadable[0].external_id == "b"
    assert "email" in page.unreadable[0].detail
    assert page.size == 3


def test_a_record_without_an_id_is_told_apart_by_its_content() -> None:
    page = page_of({"data": [None, {"id": {}}, None]})
    first, second, third = (one.external_id for one in page.unreadable)
    assert first == third != second


def test_nul_characters_are_left_out_and_escaped_backslashes_are_not() -> None:
    body = rb'{"data": [{"id": "a", "name": "x\u0000y", "phone": "\\u0000"}]}'
    contact = decode_page(body, Contact, path="/contacts").items[0]
    assert contact.name == "xy"
    assert contact.phone == "\\u0000"


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data": [{"id": "a"}', b"[]", b'{"data": 1}'])
def test_a_body_that_is_no_list_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        decode_page(body, Contact, path="/contacts")


def pages(*cursors: str | None, size: int = 1) -> Any:
    answers = [Page(items=[index] * size, cursor=cursor) for index, cursor in enumerate(cursors)]
    asked: list[str | None] = []

    async def fetch(cursor: str | None) -> Page[int]:
        asked.append(cursor)
        return answers[len(asked) - 1]

    return fetch, asked


async def test_following_stops_at_the_end() -> None:
    fetch, asked = pages("a", "b", None)
    assert [page.items async for page in follow(fetch)] == [[0], [1], [2]]
    assert asked == [None, "a", "b"]


async def test_following_stops_when_led_in_a_circle() -> None:
    fetch, _asked = pages("a", "b", "a", "b")
    assert [page.items async for page in follow(fetch)] == [[0], [1], [2]]


async def test_a_scroll_goes_on_under_one_cursor_until_a_page_is_empty() -> None:
    answers = [Page(items=[1], cursor="s"), Page(items=[2], cursor="s"), Page(items=[], cursor="s")]

    async def fetch(_cursor: str | None) -> Page[int]:
        return answers.pop(0)

    found = [page.items async for page in follow(fetch, constant_cursor=True)]
    assert found == [[1], [2], []]
