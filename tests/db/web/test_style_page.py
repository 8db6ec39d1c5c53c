"""The living style page, and through it every component as it is rendered."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

WEB = Path("pulsescore/web")
COMPONENTS = {path.stem for path in (WEB / "templates/cotton").glob("*.html")}
USE = re.compile(r"<c-([a-z_-]+)")


class Elements(HTMLParser):
    """All elements with their attributes, and the text inside each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag]


@pytest.fixture
def html(settings: Settings, stranger: Client) -> str:
    settings.DEBUG = True
    return stranger.get("/_style").content.decode()


@pytest.fixture
def elements(html: str) -> Elements:
    return Elements(html)


def used_in(folder: Path) -> set[str]:
    return {
        name.replace("-", "_")
        for path in folder.rglob("*.html")
        for name in USE.findall(path.read_text())
    } - {"vars", "slot"}


def test_it_is_only_read(settings: Settings, stranger: Client) -> None:
    settings.DEBUG = True
    assert stranger.post("/_style").status_code == 405


def test_it_shows_every_component_there_is() -> None:
    shown = used_in(WEB / "style") | used_in(WEB / "templates/cotton")
    assert COMPONENTS - shown == set()


def test_every_component_that_a_page_names_exists() -> None:
    assert used_in(WEB) - COMPONENTS == set()


def test_it_shows_each_part_in_both_themes(html: str) -> None:
    sides = Counter(re.findall(r'data-theme="(\w+)"', html))
    assert sides["light"] == sides["dark"] >= 20


def test_no_id_stands_twice_and_every_reference_is_answered(elements: Elements) -> None:
    attributes = [attrs for _tag, attrs in elements.found]
    ids = Counter(attrs["id"] for attrs in attributes if "id" in attrs)
    assert [name for name, times in ids.items() if times > 1] == []
    wanted = {
        name
        for attrs in attributes
        for key in ("aria-describedby", "aria-labelledby", "for", "data-dialog")
        for name in attrs.get(key, "").split()
    }
    assert wanted - set(ids) == set()


def test_no_component_needs_an_exception_from_the_policy(elements: Elements) -> None:
    attributes = [attrs for _tag, attrs in elements.found]
    assert [attrs for attrs in attributes if "style" in attrs] == []
    assert [name for attrs in attributes for name in attrs if name.startswith("on")] == []
    assert all(attrs.get("src") for attrs in elements.all("script"))


def test_every_drawing_has_a_text_or_stands_aside(elements: Elements) -> None:
    for attrs in elements.all("svg"):
        inside = "viewbox" in attrs and "preserveaspectratio" in attrs and "class" in attrs
        named = attrs.get("aria-label") or attrs.get("aria-hidden")
        assert named or inside, attrs


def test_a_plot_tells_itself_in_words_and_each_of_its_days(elements: Elements) -> None:
    plots = [attrs for attrs in elements.all("div") if "data-plot" in attrs]
    assert len(plots) == 10
    assert all(plot["role"] == "img" and plot["tabindex"] == "0" for plot in plots)
    assert plots[0]["aria-label"].startswith("Score over 90 days, light: Score from ")


def test_every_chart_over_time_and_the_histogram_open_as_tables(html: str) -> None:
    assert html.count('class="chart-table"') == 2 * 9
    row = re.search(r'<th scope="row">31 Mar 2026</th><td class="number">\d+</td>', html)
    assert row


def test_bars_and_slices_are_doors(elements: Elements) -> None:
    doors = [attrs["href"] for attrs in elements.all("a") if "data-point" in attrs]
    assert "/customers?risk=red" in doors
    assert "/customers?score_from=90&score_to=100&sort=score" in doors


def test_without_values_a_chart_keeps_its_place_and_says_so(html: str) -> None:
    assert html.count('class="chart-empty ') == 2 * 5
    assert "No score was known in this time." in html
