"""A migration operation for columns that the database need not look up for each row."""

from typing import Final

from django.db.migrations import RunSQL

_DROP: Final = """
    DO $$ DECLARE one record; BEGIN
        FOR one IN
            SELECT made.conname AS name
            FROM pg_constraint AS made
            JOIN pg_attribute AS part
              ON part.attrelid = made.conrelid AND made.conkey = ARRAY[part.attnum]
            WHERE made.contype = 'f' AND made.conrelid = '{table}'::regclass
              AND part.attname = '{column}'
        LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', one.name); END LOOP;
    END $$
"""


def drop_key(table: str, column: str) -> RunSQL:
    """Drop the foreign key of a column, where an earlier version made one."""
    return RunSQL(_DROP.format(table=table, column=column), RunSQL.noop)
