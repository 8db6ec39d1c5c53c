"""Words of customers for search and tags, and indexes of the customer list.

`search_words` holds, for each customer, the words of the name, the e-mail address, its parts and
its host, folded to lower case without accents, and the tags as they are. Each begins with the
organization ("12:chen", "12#vip"), so that one index serves each organization by itself. The
database keeps the column; no model names it, since nothing reads it but the list's conditions.
"""

from django.db import migrations

# Names nothing but what is built in, so that a restored backup finds it under any search path.
WORDS = r"""
CREATE FUNCTION customer_search_words(org_id bigint, name text, email text, tags text[])
RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    org text := org_id || ':';
    told text := coalesce(left(name, 300), '') || E'\x01' || coalesce(left(email, 300), '');
    called text;
    address text;
    host text;
    words text[];
BEGIN
    IF octet_length(told) <> char_length(told) THEN
        told := regexp_replace(normalize(told, NFKD), '[\u0300-\u036f]', '', 'g');
    END IF;
    told := lower(translate(told, E'\t\n\r\f\x0B', '     '));
    called := split_part(told, E'\x01', 1);
    address := replace(split_part(told, E'\x01', 2), ' ', '');
    host := split_part(address, '@', 2);
    words := array_remove(
        string_to_array(
            org || replace(
                concat_ws(' ',
                    called,
                    translate(called, '-.,;:/&()''"<>', '             '),
                    address,
                    translate(split_part(address, '@', 1), '._+-', '    '),
                    host,
                    translate(host, '-', ' ')
                ),
                ' ', ' ' || org
            ),
            ' '
        ),
        org
    );
    told := array_to_string(tags, E'\x01');
    IF octet_length(told) > 1000 THEN
        -- A word may be no longer than 2 kB; only here a tag might be.
        told := (SELECT string_agg(left(tag, 300), E'\x01') FROM unnest(tags) AS tag);
    END IF;
    IF told <> '' THEN
        words := words || string_to_array(
            org_id || '#' || replace(told, E'\x01', E'\x01' || org_id || '#'), E'\x01'
        );
    END IF;
    RETURN array_to_tsvector(words);
END
$$
"""
COLUMN = """
ALTER TABLE store_customer ADD COLUMN search_words tsvector
GENERATED ALWAYS AS (customer_search_words(org_id, name, email, tags)) STORED
"""
# Read by the list of customers: search and tag (customer_sql._words).
INDEX = "CREATE INDEX customer_by_words ON store_customer USING gin (search_words)"


class Migration(migrations.Migration):
    replaces = [("store", "0004_search_words")]

    dependencies = [
        ("store", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION customer_search_words(bigint, text, text, text[])"),
        migrations.RunSQL(COLUMN, "ALTER TABLE store_customer DROP COLUMN search_words"),
        migrations.RunSQL(INDEX, "DROP INDEX customer_by_words"),
    ]
