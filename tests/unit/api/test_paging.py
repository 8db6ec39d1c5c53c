"""Lists by page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.api.addresses import IdConverter
from pulsescore.api.paging import PageQuery, pagination


@pytest.mark.parametrize(("total", "pages"), [(0, 0), (1, 1), (25, 1), (26, 2), (100, 4)])
def test_the_last_page_may_be_short(total: int, pages: int) -> None:
    assert pagination(PageQuery(), total).total_pages == pages


@given(st.integers(1, 100), st.integers(0, 10**9))
def test_the_pages_hold_everything_and_no_page_is_empty(per_page: int, total: int) -> None:
    pages = pagination(PageQuery(per_page=per_page), total).total_pages
    assert (pages - 1) * per_page < total <= pages * per_page or total == pages == 0


@pytest.mark.parametrize("text", ["0", str(2**63)])
def test_an_id_that_no_row_can_have_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        IdConverter().to_python(text)


def test_the_greatest_id_is_an_address() -> None:
    assert IdConverter().to_python(str(2**63 - 1)) == 2**63 - 1
