"""Subjects lose their markup and nothing else."""

import pytest

from pulsescore.connectors.intercom.plain_text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Invoice 7", "Invoice 7"),
        ("<p>Invoice &amp; receipt</p>", "Invoice & receipt"),
        ("<p>one</p><p>two</p>", "one two"),
        ("a<br>b", "a b"),
        ("5 &lt; 6", "5 < 6"),
        ("<script>alert(1)</script>Hello", "Hello"),
        ("  spaced \n out ", "spaced out"),
        ("<b>unclosed", "unclosed"),
    ],
)
def test_markup_becomes_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize("html", [None, "", "  ", "<p></p>"])
def test_nothing_left_is_no_text(html: str | None) -> None:
    assert plain_text(html) is None
