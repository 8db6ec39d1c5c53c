"""Pure: the columns that rules ask about, each read once per customer or company, as SQL.

Names and values never enter the text of a statement: they are parameters. Three layers: raw columns
beside the row, typed readings of custom attributes, and the conditions over both.
"""

from collections.abc import Callable
from typing import Any, Final

from pulsescore.segments.fields import Kind

# What restricts a table to the batch under way: from a column that holds ids to a condition.
Restrict = Callable[[str], str]

# A number, or text that is one; never an error, whatever stands in the attribute `{j}`.
_NUMBER: Final = """CASE jsonb_typeof({j})
    WHEN 'number' THEN {j}::numeric
    WHEN 'string' THEN CASE
        WHEN ({j} #>> '{}') ~ '^-?[0-9]{1,15}([.][0-9]{1,9})?$' THEN ({j} #>> '{}')::numeric
    END
END"""
_TEXT: Final = """CASE
    WHEN jsonb_typeof({j}) IN ('string', 'number', 'boolean') THEN nullif(lower({j} #>> '{}'), '')
END"""
_LIST: Final = """CASE jsonb_typeof({j})
    WHEN 'array' THEN ARRAY(SELECT lower(one) FROM jsonb_array_elements_text({j}) AS one)
    WHEN 'string' THEN ARRAY[lower({j} #>> '{}')]
    WHEN 'number' THEN ARRAY[{j} #>> '{}']
    WHEN 'boolean' THEN ARRAY[{j} #>> '{}']
END"""
# Unix seconds, or milliseconds, where seconds would be thousands of years from now.
_UNIX: Final = """CASE
    WHEN {n} BETWEEN -20000000000 AND 99999999999 THEN to_timestamp(({n})::float8)
    WHEN {n} BETWEEN 100000000000 AND 99999999999999 THEN to_timestamp(({n} / 1000)::float8)
END"""
_ISO: Final = (
    "^(1[89]|2[01])[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
    "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?$"
)
# Or ISO 8601. A day that its month lacks counts on into the next one, so that none can be refused.
_DATE: Final = f"""CASE jsonb_typeof({{j}})
    WHEN 'number' THEN {_UNIX.replace("{n}", "{j}::numeric")}
    WHEN 'string' THEN CASE
        WHEN ({{j}} #>> '{{}}') ~ '^[0-9]{{9,14}}$'
        THEN {_UNIX.replace("{n}", "({j} #>> '{}')::numeric")}
        WHEN ({{j}} #>> '{{}}') ~ '{_ISO}'
        THEN (substr({{j}} #>> '{{}}', 1, 8) || '01' || substr({{j}} #>> '{{}}', 11))::timestamptz
            + (substr({{j}} #>> '{{}}', 9, 2)::int - 1) * interval '1 day'
    END
END"""
_READINGS: Final = {"number": _NUMBER, "text": _TEXT, "list": _LIST, "date": _DATE}

_HEALTH: Final = (
    "LEFT JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id"
)
_FIRM_HEALTH: Final = (
    "LEFT JOIN scoring_companyscore AS s ON s.company_id = c.id AND s.org_id = c.org_id"
)
_TALKS: Final = """LEFT JOIN (
    SELECT p.customer_id, {columns}
    FROM store_participant AS p
    JOIN store_conversation AS v ON v.id = p.conversation_id AND v.org_id = p.org_id
    WHERE p.org_id = %(org_id)s AND {restricted} AND v.deleted_at IS NULL
    GROUP BY p.customer_id
) AS talks ON talks.customer_id = c.id"""
_EVENTS: Final = """LEFT JOIN (
    SELECT e.customer_id, {columns}
    FROM store_timelineevent AS e
    WHERE e.org_id = %(org_id)s AND {restricted} AND e.name IN ({names})
    GROUP BY e.customer_id
) AS happened ON happened.customer_id = c.id"""
_EARLIER: Final = """LEFT JOIN LATERAL (
    SELECT p.score FROM scoring_scorepoint AS p
    WHERE p.org_id = %(org_id)s AND p.customer_id = c.id AND p.at <= {since}
    ORDER BY p.at DESC LIMIT 1
) AS {alias} ON TRUE"""
# A condition is asked of each company once, however many customers belong to it.
_FIRMS: Final = """LEFT JOIN (
    SELECT m.customer_id, {columns}
    FROM store_companymember AS m
    JOIN (SELECT told.id, {verdicts} FROM ({companies}) AS told OFFSET 0) AS firm
        ON firm.id = m.company_id
    WHERE m.org_id = %(org_id)s AND {restricted}
    GROUP BY m.customer_id
) AS firms ON firms.customer_id = c.id"""
_THEIR_FIRMS: Final = (
    "{column} IN"
    " (SELECT company_id FROM store_companymember WHERE org_id = %(org_id)s AND {theirs})"
)
_TABLES: Final[dict[Kind, str]] = {"customer": "store_customer", "company": "store_company"}


class Parameters:
    """The values of a statement, and the names under which it asks for them."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._known: dict[tuple[type, Any], str] = {}

    def add(self, value: Any) -> str:
        """The placeholder of a value; equal values share one."""
        key = (type(value), value)
        if key not in self._known:
            name = f"v{len(self.values)}"
            self._known[key], self.values[name] = name, value
        return f"%({self._known[key]})s"


class Facts:
    """The columns of one kind that rules need; each method returns the column of what it names."""

    def __init__(self, kind: Kind, parameters: Parameters) -> None:
        self.kind: Kind = kind
        self.parameters = parameters
        self._raw: dict[str, str] = {}
        self._typed: dict[str, str] = {}
        self._talks: dict[str, str] = {}
        self._events: dict[str, str] = {}
        self._event_names: dict[str, None] = {}
        self._earlier: dict[int, str] = {}
        self._firms: dict[str, str] = {}
        self._companies: Facts | None = None
        self._health = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the statement of facts, beside the id."""
        return (*self._raw.values(), *self._typed.values())

    def raw(self, expression: str) -> str:
        """A column of the row itself, or of what stands beside it."""
        return _keep(self._raw, expression, "r")

    def health(self, expression: str) -> str:
        """A column of the score (`h` of customers, `s` of companies)."""
        self._health = True
        return self.raw(expression)

    def reading(self, document: str, as_type: str) -> str:
        """A custom attribute read as a number, text, date or list."""
        return _keep(self._typed, _READINGS[as_type].replace("{j}", document), "t")

    def talks(self, condition: str) -> str:
        """How many of the customer's conversations (`v`) fit."""
        column = _keep(self._talks, f"count(*) FILTER (WHERE {condition})", "k")
        return self.raw(f"coalesce(talks.{column}, 0)")

    def events(self, name: str, days: int | None) -> str:
        """How often an event happened."""
        named = self.parameters.add(name)
        self._event_names[named] = None
        condition = f"e.name = {named}"
        if days is not None:
            condition += f" AND e.occurred_at >= {since(days)}"
        column = _keep(self._events, f"count(*) FILTER (WHERE {condition})", "k")
        return self.raw(f"coalesce(happened.{column}, 0)")

    def change(self, days: int) -> str:
        """By how many points the score is another than so many days ago."""
        alias = self._earlier.setdefault(days, f"earlier{len(self._earlier)}")
        return self.health(f"h.score - {alias}.score")

    def companies(self) -> "Facts":
        """The columns of the customer's companies."""
        if self._companies is None:
            self._companies = Facts("company", self.parameters)
        return self._companies

    def any_company(self, condition: str) -> str:
        """Whether a condition over `companies()` holds of one of them."""
        column = _keep(self._firms, condition, "k")
        return self.raw(f"coalesce(firms.{column}, FALSE)")

    def select(self, restrict: Restrict, *, fenced: bool = True, with_gone: bool = False) -> str:
        """The statement that reads id and columns of everybody in the batch who is not deleted.

        `fenced` has each column computed once, however many conditions ask for it. `with_gone`
        reads the deleted, too.
        """
        fence = " OFFSET 0" if fenced else ""
        living = "TRUE" if with_gone else "c.deleted_at IS NULL"
        inner = (
            f"SELECT {_listed('c.id', self._raw)} FROM {_TABLES[self.kind]} AS c"
            f" {' '.join(self._joins(restrict))}"
            f" WHERE c.org_id = %(org_id)s AND {living} AND {restrict('c.id')}{fence}"
        )
        if not self._typed:
            return inner
        return f"SELECT {_listed('raw.*', self._typed)} FROM ({inner}) AS raw{fence}"

    def _joins(self, restrict: Restrict) -> list[str]:
        joins = []
        if self._health:
            joins.append(_HEALTH if self.kind == "customer" else _FIRM_HEALTH)
        if self._talks:
            columns = _columns(self._talks)
            joins.append(_TALKS.format(columns=columns, restricted=restrict("p.customer_id")))
        if self._events:
            joins.append(
                _EVENTS.format(
                    columns=_columns(self._events),
                    restricted=restrict("e.customer_id"),
                    names=", ".join(self._event_names),
                )
            )
        joins += [
            _EARLIER.format(since=since(days), alias=alias) for days, alias in self._earlier.items()
        ]
        if self._companies is not None:
            theirs = restrict("customer_id")
            companies = self._companies.select(
                lambda column: _THEIR_FIRMS.format(column=column, theirs=theirs), fenced=False
            )
            joins.append(
                _FIRMS.format(
                    columns=", ".join(f"bool_or(firm.{k}) AS {k}" for k in self._firms.values()),
                    verdicts=_columns(self._firms),
                    companies=companies,
                    restricted=restrict("m.customer_id"),
                )
            )
        return joins


def since(days: int) -> str:
    """The instant so many days ago; `days` is a checked number."""
    return f"%(now)s::timestamptz - interval '{int(days)} days'"


def _keep(known: dict[str, str], expression: str, letter: str) -> str:
    return known.setdefault(expression, f"{letter}{len(known)}")


def _columns(known: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {alias}" for expression, alias in known.items())


def _listed(first: str, known: dict[str, str]) -> str:
    return ", ".join([first, *(f"{expression} AS {alias}" for expression, alias in known.items())])
