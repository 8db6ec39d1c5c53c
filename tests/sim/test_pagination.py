"""Pages: complete, without repeats, stable against changes elsewhere, and honest about nonsense."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom_sim.rest.errors import ApiError
from intercom_sim.search.cursor import decode
from intercom_sim.search.paging import Rows, cut
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client

Row = tuple[int, str, str]


def walk(rows: list[Row], *, per_page: int, descending: bool) -> Iterator[list[str]]:
    after = None
    while True:
        found = Rows(rows, 0, len(rows))
        page = cut(found, per_page=per_page, after=after, descending=descending)
        yield page.items
        following: dict[str, Any] | None = page.pages.get("next")
        if following is None:
            return
        after = decode(following["starting_after"])


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(0, 5), max_size=40),
    per_page=st.integers(1, 12),
    descending=st.booleans(),
)
def test_walking_pages_meets_each_row_once_in_order(
    values: list[int], per_page: int, descending: bool
) -> None:
    rows = sorted((value, f"{n:03d}", f"item{n}") for n, value in enumerate(values))
    pages = list(walk(rows, per_page=per_page, descending=descending))
    met = [item for page in pages for item in page]
    wanted = [row[2] for row in rows]
    assert met == (wanted[::-1] if descending else wanted)
    assert all(len(page) == per_page for page in pages[:-1])


def every_page(client: Client, path: str, key: str) -> list[dict[str, Any]]:
    met: list[dict[str, Any]] = []
    after = ""
    while True:
        answer = client.get(f"{path}?per_page=7&starting_after={after}").json
        met += answer[key]
        if "next" not in answer["pages"]:
            return met
        after = answer["pages"]["next"]["starting_after"]


@pytest.mark.parametrize(
    ("path", "key"), [("/contacts", "data"), ("/conversations", "conversations")]
)
def test_lists_are_complete(client: Client, workspace: Workspace, path: str, key: str) -> None:
    met = [one["id"] for one in every_page(client, path, key)]
    everything = workspace.contacts if key == "data" else workspace.conversations
    hidden = {one.id for one in workspace.contacts.values() if one.archived}
    assert sorted(met) == sorted(set(everything) - hidden)


@pytest.mark.parametrize(("path", "size"), [("/contacts", 10), ("/conversations", 20)])
def test_default_page_sizes(client: Client, path: str, size: int) -> None:
    assert client.get(path).json["pages"]["per_page"] == size


def test_search_default_page_sizes(client: Client) -> None:
    query = {"query": {"field": "created_at", "operator": ">", "value": 1}}
    assert client.post("/contacts/search", query).json["pages"]["per_page"] == 50
    assert client.post("/conversations/search", query).json["pages"]["per_page"] == 20


def test_the_last_page_has_no_next(client: Client) -> None:
    pages = client.get("/contacts?per_page=150").json["pages"]
    assert pages["total_pages"] == 1
    assert "next" not in pages


@pytest.mark.parametrize("cursor", ["nonsense", "W10=", "WzEsMiwzXQ=="])
def test_a_made_up_cursor_is_400(cursor: str) -> None:
    with pytest.raises(ApiError) as caught:
        decode(cursor)
    assert caught.value.code == "parameter_invalid"
