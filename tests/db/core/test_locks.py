"""Advisory locks: one holder at a time, gone with the session that held them."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from pulsescore.core import locks

pytestmark = pytest.mark.django_db(transaction=True)


def conninfo() -> str:
    return psycopg.conninfo.make_conninfo(
        settings.CONFIG.database_url, dbname=connection.settings_dict["NAME"]
    )


def test_a_lock_that_is_held_is_not_given_again_until_it_is_free() -> None:
    with locks.held_lock(conninfo(), "sync:1") as first:
        with locks.held_lock(conninfo(), "sync:1") as second:
            assert (first, second) == (True, False)
    with locks.held_lock(conninfo(), "sync:1") as again:
        assert again


def test_locks_of_other_names_do_not_disturb() -> None:
    with (
        locks.held_lock(conninfo(), "sync:1") as first,
        locks.held_lock(conninfo(), "sync:2") as second,
    ):
        assert first
        assert second


def test_a_transaction_lock_ends_with_its_transaction() -> None:
    with transaction.atomic():
        locks.lock_for_transaction("source:1")
        with locks.held_lock(conninfo(), "source:1") as other:
            assert not other
    with locks.held_lock(conninfo(), "source:1") as other:
        assert other


def test_keys_are_stable_and_fit_a_bigint() -> None:
    assert locks.lock_key("a") == locks.lock_key("a") != locks.lock_key("b")
    assert -(2**63) <= locks.lock_key("a") < 2**63
