"""The server that comes with PulseScore runs with our settings, durability left as it is."""

import pytest
from django.conf import settings
from django.db import connection

from pulsescore.core import embedded

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "pulsescore-tests" not in str(settings.DATABASES["default"]["HOST"]),
        reason="the tests run on a server of somebody else",
    ),
]


def show(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        (value,) = cursor.fetchone()
    return str(value)


def test_it_has_room_for_its_cache_and_its_log() -> None:
    wanted = dict(line.split(" = ") for line in embedded.SETTINGS.splitlines())
    assert {name: show(name) for name in wanted} == wanted


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes"])
def test_what_is_committed_is_on_the_disk(name: str) -> None:
    """On unless an operator says otherwise, which the tests do to be quick."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT boot_val FROM pg_settings WHERE name = %s", [name])
        assert cursor.fetchall() == [("on",)]
        cursor.execute(
            "SELECT sourcefile FROM pg_file_settings"
            " WHERE name = %s AND sourcefile NOT LIKE '%%/postgresql.auto.conf'",
            [name],
        )
        assert cursor.fetchall() == []
