"""An empty database after a test that committed: only tables that hold something are touched.

Django truncates every table, which makes files for each of them anew and writes what describes the
models again: seconds, where a test left a few rows in a dozen tables.
"""

from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase

# What describes the schema, not what a test made.
KEPT: Final = ("django_migrations", "django_content_type", "auth_permission")
_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition
      AND relnamespace = current_schema()::regnamespace AND relname <> ALL (%s)
"""


def empty(_case: Any = None) -> None:
    """Delete every row, whatever refers to it: no constraint is asked on the way."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [list(KEPT)])
        tables = [name for (name,) in cursor.fetchall()]
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
        cursor.execute(" UNION ALL ".join(asked))
        filled = [name for (name,) in cursor.fetchall()]
        deletions = "".join(f"DELETE FROM {name};" for name in filled)
        cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions} COMMIT")
    ContentType.objects.clear_cache()


def use() -> None:
    """Let tests that commit end with this instead of Django's flush."""
    TransactionTestCase._fixture_teardown = empty  # type: ignore[method-assign]
