"""Statistics for PostgreSQL's planner, for tables that have just outgrown what it knows of them.

Autovacuum looks once a minute. A first import fills tables within seconds, and what follows it
would be planned as if they were empty: a join that takes a tenth of a second then takes minutes.
"""

from typing import Final

from django.db import connection
from psycopg import sql

# Below so many pages (of 8 kB) any plan will do; above, twice the size is another table.
_FEW_PAGES: Final = 100
_OUTGROWN: Final = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace AND NOT relispartition
        AND pg_relation_size(oid) / current_setting('block_size')::int
            > greatest(%(few)s, 2 * relpages)
    ORDER BY relname
"""


def catch_up() -> list[str]:
    """Gather statistics of tables that are twice as large as when it was last done; their names.

    One look at the catalog where none is. Tables that somebody else is gathering them of, or is
    changing, are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OUTGROWN, {"few": _FEW_PAGES})
        names = [name for (name,) in cursor.fetchall()]
        if names:
            tables = sql.SQL(", ").join(map(sql.Identifier, names))
            cursor.execute(sql.SQL("ANALYZE (SKIP_LOCKED) {}").format(tables))
    return names
