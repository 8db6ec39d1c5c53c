"""Tables that outgrew the planner's statistics are looked at before they are asked for much."""

import pytest
from django.db import connection

from pulsescore.core import statistics

pytestmark = pytest.mark.django_db


def test_a_table_that_was_filled_is_known_to_the_planner_at_once() -> None:
    fill(rows=200_000)
    assert statistics.catch_up() == ["seeds"]
    assert told() == pytest.approx(200_000, rel=0.05)


def test_a_table_is_looked_at_again_only_when_it_has_doubled() -> None:
    fill(rows=100_000)
    statistics.catch_up()
    fill(rows=50_000)
    assert statistics.catch_up() == []
    fill(rows=100_000)
    assert statistics.catch_up() == ["seeds"]


def test_small_tables_need_none() -> None:
    fill(rows=100)
    assert statistics.catch_up() == []


def fill(*, rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS seeds (id bigint)")
        cursor.execute("INSERT INTO seeds SELECT generate_series(1, %s)", [rows])


def told() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'seeds'::regclass")
        (rows,) = cursor.fetchone()
    return float(rows)
