"""A company's score day by day, from the scores of its members."""

from datetime import date

from pulsescore.scoring.company_history import company_days

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 4)


def scores(points: list[tuple[int, int, int | None]], recent: dict[int, int]) -> list[int | None]:
    dated = [
        (who, date(2026, 2, 28) if day == 0 else date(2026, 3, day), score)
        for who, day, score in points
    ]
    return [score for _on, score in company_days(dated, recent, first=FIRST, last=LAST)]


def test_a_score_holds_until_the_next_one() -> None:
    assert scores([(1, 2, 80), (1, 4, 60)], {1: 0}) == [None, 80, 80, 60]


def test_who_had_a_score_before_the_first_day_counts_from_it() -> None:
    assert scores([(1, 0, 80)], {1: 0}) == [80, 80, 80, 80]


def test_members_weigh_as_they_do_now() -> None:
    assert scores([(1, 1, 90), (2, 1, 30)], {1: 0, 2: 2}) == [45, 45, 45, 45]


def test_who_is_no_member_counts_nowhere() -> None:
    assert scores([(1, 1, 90), (9, 1, 0)], {1: 0}) == [90, 90, 90, 90]


def test_who_lost_the_score_counts_no_more() -> None:
    assert scores([(1, 1, 90), (2, 1, 30), (2, 3, None)], {1: 0, 2: 0}) == [60, 60, 90, 90]
