"""Bulk writing: ids reserved, rows copied, rows updated by key."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.accounts.models import Membership, Organization, User
from pulsescore.core import bulk_sql, copy_format

pytestmark = pytest.mark.django_db


def make_users(count: int) -> list[User]:
    return [User.objects.create(email=f"u{number}@example.com") for number in range(count)]


def test_reserved_ids_are_fresh_and_used_by_nobody_else() -> None:
    first = bulk_sql.reserve_ids("accounts_organization", 3)
    second = bulk_sql.reserve_ids("accounts_organization", 2)
    assert len({*first, *second}) == 5
    assert Organization.objects.create(name="next").id not in {*first, *second}


def test_reserving_nothing_asks_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert bulk_sql.reserve_ids("accounts_organization", 0) == []


def test_copied_rows_are_there_with_their_values() -> None:
    now = timezone.now()
    ids = bulk_sql.reserve_ids("accounts_organization", 2)
    rows = [(ids[0], "Tab\tand\nnewline", now), (ids[1], "Ünïcode", now)]
    bulk_sql.copy_rows("accounts_organization", ["id", "name", "created_at"], rows)
    names = set(Organization.objects.filter(id__in=ids).values_list("name", flat=True))
    assert names == {"Tab\tand\nnewline", "Ünïcode"}


def test_updated_rows_change_and_others_do_not() -> None:
    org = Organization.objects.create(name="Acme")
    one, two, three = (
        Membership.objects.create(org=org, user=user, role="member") for user in make_users(3)
    )
    count = bulk_sql.update_rows(
        "accounts_membership", "id", ["role"], [(one.id, "owner"), (two.id, "admin")]
    )
    roles = dict(Membership.objects.for_org(org.id).values_list("id", "role"))
    assert count == 2
    assert roles == {one.id: "owner", two.id: "admin", three.id: "member"}


_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
_ROWS = st.lists(
    st.tuples(
        _TEXTS
        | st.sampled_from(["null", "\\.", '\\"', "\\n", "a\nb", "\r", "\t,", "\x07", ""])
        | st.none(),
        st.integers(-(2**63), 2**63 - 1) | st.none(),
        st.booleans() | st.none(),
        st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2)) | st.none(),  # noqa: DTZ001
        st.binary(max_size=5) | st.none(),
        st.decimals(-(10**12), 10**12, places=2) | st.none(),
    ),
    max_size=8,
)


@given(st.lists(_TEXTS, max_size=6), st.lists(st.integers(-(2**63), 2**63 - 1), max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrays_come_out_as_they_went_in(db: None, words: list[str], numbers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::text[], %s::bigint[]",
            [copy_format.array_literal(words), copy_format.array_literal(numbers)],
        )
        assert cursor.fetchone() == (words, numbers)


@given(_ROWS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_come_out_as_they_went_in(db: None, rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "CREATE TEMPORARY TABLE copied (place serial, words text, number bigint, flag boolean,"
            " at timestamptz, digest bytea, money numeric) ON COMMIT DROP"
        )
        bulk_sql.copy_rows(
            "copied",
            ["words", "number", "flag", "at", "digest", "money"],
            [(*row[:4], copy_format.bytea(row[4]), row[5]) for row in rows],
        )
        cursor.execute("SELECT words, number, flag, at, digest, money FROM copied ORDER BY place")
        found = cursor.fetchall()
        cursor.execute("DROP TABLE copied")

    assert found == rows
