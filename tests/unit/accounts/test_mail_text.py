"""What others entered cannot pose as a link, a header or a second line of our e-mails."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.accounts.mail_text import harmless, plain


@pytest.mark.parametrize(
    "name",
    ["https://evil.example/x", "www.evil.example", "evil.example", "mail me@evil.example"],
)
def test_nothing_looks_like_an_address(name: str) -> None:
    shown = plain(name)
    assert "://" not in shown
    assert "evil.example" not in shown
    assert "e@e" not in shown
    assert shown.replace("\u200b", "") == name


def test_names_of_people_and_companies_stay_as_they_are() -> None:
    for name in ("Ada Lovelace", "Acme Inc.", "O'Neill & Sons", "Société Générale", "株式会社"):
        assert plain(name) == name


def test_line_breaks_and_marks_of_direction_go() -> None:
    assert plain("Ada\r\nBcc: all@x") == "Ada Bcc: all@\u200bx"
    assert plain("a\u202eb\u0000c") == "a b c"


def test_long_names_are_cut() -> None:
    assert len(plain("x" * 500)) <= 160


@given(st.text())
def test_one_line_without_control_characters_comes_out(text: str) -> None:
    shown = plain(text)
    assert "\n" not in shown
    left = {unicodedata.category(one) for one in shown.replace("\u200b", "")}
    assert not {one for one in left if one.startswith("C")}


def test_our_own_links_stay_links() -> None:
    told = harmless({"link": "https://ps.example/x", "inviter": "https://evil.example", "n": 3})
    assert told["link"] == "https://ps.example/x"
    assert "://" not in told["inviter"]
    assert told["n"] == 3
