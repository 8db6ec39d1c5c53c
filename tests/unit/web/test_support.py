"""Whom the help menu names."""

import pytest

from pulsescore.web.context import support


@pytest.mark.parametrize(
    ("contact", "text", "href"),
    [
        ("", "", ""),
        ("help@example.com", "help@example.com", "mailto:help@example.com"),
        ("mailto:help@example.com", "help@example.com", "mailto:help@example.com"),
        ("https://help.example.com/a", "https://help.example.com/a", "https://help.example.com/a"),
        ("Ask Tom, tom@example.com", "Ask Tom, tom@example.com", ""),
        ("javascript:alert(1)", "javascript:alert(1)", ""),
        ("tel:+4930123", "+4930123", "tel:+4930123"),
    ],
)
def test_an_address_becomes_a_link_and_anything_else_stays_text(
    contact: str, text: str, href: str
) -> None:
    assert support(contact) == (text, href)
