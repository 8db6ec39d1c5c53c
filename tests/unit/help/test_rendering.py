"""Markdown becomes a page: anchors, callouts, code, tables, links, and nothing that could run."""

import pytest

from pulsescore.web.help.anchors import anchor_of
from pulsescore.web.help.links import Addresses
from pulsescore.web.help.rendering import Rendered, render

HERE = Addresses("https://scores.example.org")


def rendered(text: str) -> Rendered:
    return render(f"# Title\n\n{text}", HERE)


def test_the_title_stands_apart_from_the_text() -> None:
    page = rendered("Words.")

    assert page.title == "Title"
    assert "<h1" not in page.html


def test_a_page_without_a_title_is_a_fault() -> None:
    with pytest.raises(ValueError, match="begins with its title"):
        render("Words.", HERE)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Intercom's plan does not allow this", "intercoms-plan-does-not-allow-this"),
        ("400 The request", "400-the-request"),
        ("web ended with code …; restarting it", "web-ended-with-code--restarting-it"),
        ("  Two_way  ", "two_way"),
    ],
)
def test_anchors_are_those_of_the_common_viewers(heading: str, anchor: str) -> None:
    assert anchor_of(heading) == anchor


def test_a_heading_links_to_itself() -> None:
    html = rendered("## A `code` word").html

    assert 'id="a-code-word"' in html
    assert 'href="#a-code-word"' in html
    assert 'aria-label="Link to A code word"' in html


def test_equal_headings_get_different_anchors() -> None:
    page = rendered("## Same\n\none\n\n## Same\n\ntwo")

    assert [one.anchor for one in page.headings] == ["same", "same-1"]


def test_sections_hold_the_words_beneath_their_heading() -> None:
    page = rendered("Before.\n\n## One\n\nSome *marked*\nwords.\n\n```\ncode here\n```\n\n## Two")

    assert [(one.heading, one.text) for one in page.sections] == [
        ("", "Before."),
        ("One", "Some marked words. code here"),
        ("Two", ""),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[press](javascript:alert(1))",
        "[press](data:text/html,x)",
        '```\n</code></pre><script>alert(1)</script>" onclick="x\n```',
        "| a |\n|---|\n| <b onmouseover=x> |",
        '## <script>alert(1)</script>"',
    ],
)
def test_nothing_in_a_source_can_run(hostile: str) -> None:
    html = rendered(hostile).html

    assert "<script" not in html
    assert "<img" not in html
    assert "<b " not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert '" onclick' not in html


def test_a_callout_is_told_by_its_first_line() -> None:
    html = rendered("> [!WARNING]\n> Mind the gap.").html

    assert '<aside class="guide-callout guide-callout-warning">' in html
    assert "<strong>Careful</strong>" in html
    assert "[!WARNING]" not in html
    assert html.count("</aside>") == 1


def test_a_quotation_stays_one() -> None:
    html = rendered("> Somebody said this.").html

    assert "<blockquote>" in html
    assert "guide-callout" not in html


def test_code_can_be_copied_whole() -> None:
    html = rendered('```\ncurl -H "A: b" \\\n  x\n```').html

    assert 'data-copy="curl -H &quot;A: b&quot; \\\n  x"' in html
    assert "hidden" in html


def test_cells_know_the_name_of_their_column() -> None:
    html = rendered("| who | what |\n|---|---|\n| me | this |").html

    assert '<td class="cell-head">me</td>' in html
    assert '<td data-label="what">this</td>' in html


def test_links_between_files_are_links_between_pages() -> None:
    html = rendered("[a](team.md) [b](team.md#roles) [c](README.md) [d](#here)").html

    for href in ("/help/team", "/help/team#roles", "/help", "#here"):
        assert f'href="{href}"' in html


def test_the_example_address_is_replaced_by_this_installations() -> None:
    html = rendered(
        "[Team](https://pulse.example.com/settings/team)\n\n```\nhttps://pulse.example.com/x\n```"
    ).html

    assert 'href="/settings/team"' in html
    assert "https://scores.example.org/x</code>" not in html.replace("\n</code>", "")
    assert "https://scores.example.org/x\n</code>" in html


def test_links_to_elsewhere_do_not_tell_where_they_were_followed() -> None:
    assert 'rel="noreferrer"' in rendered("[x](https://www.intercomstatus.com)").html
    assert 'rel="noreferrer"' not in rendered("[x](https://pulse.example.com/status)").html
