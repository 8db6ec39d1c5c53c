"""Files of outcomes: what a day is, what a table is, and which columns are meant."""

from datetime import date

import pytest

from pulsescore.core.errors import Invalid
from pulsescore.scoring.outcomes.days import guess_style, read_day
from pulsescore.scoring.outcomes.table import Mapping, decode, guess, read_table

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "style", "day"),
    [
        ("2026-01-31", "iso", date(2026, 1, 31)),
        ("2026-1-5", "iso", date(2026, 1, 5)),
        (" 2026-01-31T23:30:00-05:00 ", "iso", date(2026, 2, 1)),
        ("2026-01-31T23:30:00Z", "mdy", date(2026, 1, 31)),
        ("2026-01-31 10:00", "iso", date(2026, 1, 31)),
        (1769817600, "iso", date(2026, 1, 31)),
        ("1769817600000", "iso", date(2026, 1, 31)),
        ("31.1.2026", "dmy", date(2026, 1, 31)),
        ("1/31/2026 10:00", "mdy", date(2026, 1, 31)),
        ("1/31/2026", "dmy", None),
        ("31.1.2026", "iso", None),
        ("2026-02-30", "iso", None),
        ("soon", "iso", None),
        ("", "iso", None),
        (None, "iso", None),
        (True, "iso", None),
        ({"a": 1}, "iso", None),
        ("1026-01-31", "iso", None),
        ("2999-01-31", "iso", None),
        ("99999999999999999999", "iso", None),
    ],
)
def test_a_day_is_read(text: object, style: str, day: date | None) -> None:
    assert read_day(text, style=style, today=TODAY) == day


def test_how_days_are_written_is_guessed_from_those_that_leave_no_choice() -> None:
    assert guess_style(["1/2/2026", "31/1/2026"], today=TODAY) == "dmy"
    assert guess_style(["1/2/2026", "1/31/2026"], today=TODAY) == "mdy"
    assert guess_style(["2026-01-01"], today=TODAY) == "iso"


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("Name,E-mail,Churned at\nMia,m@x.y,2026-01-01\n", Mapping(1, "email", 2, "iso")),
        ("churn;user_id\n31.1.2026;17\n", Mapping(1, "user_id", 0, "dmy")),
        ("account id\tlost on\n17\t1/31/2026\n", Mapping(0, "company_key", 1, "mdy")),
        (
            "intercom id,created,cancelled\nab12,2020-01-01,2026-01-01\n",
            Mapping(0, "external_id", 2, "iso"),
        ),
    ],
)
def test_columns_are_guessed(text: str, mapping: Mapping) -> None:
    header, rows = read_table(text)

    assert guess(header, rows, today=TODAY) == mapping


def test_short_and_long_rows_get_the_width_of_the_headings() -> None:
    assert read_table("a,b\n1\n1,2,3\n\n")[1] == [["1", ""], ["1", "2"]]


@pytest.mark.parametrize("text", ["", "a,b", "a\n1\n", 'a,b\n"' + "x" * 200_000 + '",1\n'])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_table(text)


def test_a_text_of_any_usual_encoding_is_read_and_other_content_is_not() -> None:
    assert decode("Émile".encode()) == decode("Émile".encode("cp1252")) == "Émile"
    assert decode("\ufeffa".encode()) == "a"
    for content in (b"\0\1", b"x" * (5 * 1024 * 1024 + 1)):
        with pytest.raises(Invalid):
            decode(content)
