"""Pure: from rules to SQL conditions over `facts`, all values as parameters.

A condition is never NULL: what is not known fits no operator, and a negated operator is true of
whomever its opposite is not true of.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from pulsescore.segments.columns import column_of, document
from pulsescore.segments.facts import Facts, Parameters, Restrict, since
from pulsescore.segments.fields import (
    BOOL,
    COMPANY_PREFIX,
    CUSTOM,
    DATE,
    LIST,
    NUMBER,
    OPPOSITES,
    Kind,
)
from pulsescore.segments.rules import AllOf, AnyOf, Event, Leaf, Not, Rule
from pulsescore.segments.values import read_date

_SIGNS: Final = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# Clocks differ a little; a date further in the future is not within the last days.
_AHEAD: Final = "%(now)s::timestamptz + interval '1 day'"
_EMPTY: Final = "'null'::jsonb, '\"\"'::jsonb, '[]'::jsonb, '{}'::jsonb"


@dataclass(frozen=True)
class Program:
    """Rules compiled together: a statement of facts, and a condition for each rule."""

    facts: Facts
    conditions: tuple[str, ...]

    @property
    def values(self) -> dict[str, Any]:
        """The parameters, beside `org_id`, `now` and what restricts the batch."""
        return self.facts.parameters.values

    def select(self, restrict: Restrict, *, with_gone: bool = False) -> str:
        """The statement that reads the facts of everybody in the batch."""
        return self.facts.select(restrict, with_gone=with_gone)


def compile_rules(rules: Sequence[Rule], *, kind: Kind) -> Program:
    """Compile rules of one kind, so that what several ask for is read once."""
    facts = Facts(kind, Parameters())
    return Program(facts, tuple(_condition(rule, facts) for rule in rules))


def _condition(rule: Rule, facts: Facts) -> str:
    match rule:
        case AllOf(parts):
            return _joined(" AND ", parts, facts) if parts else "TRUE"
        case AnyOf(parts):
            return _joined(" OR ", parts, facts)
        case Not(part):
            return f"(NOT {_condition(part, facts)})"
        case Event(name, op, count, days):
            did = f"{facts.events(name, days)} >= {int(count)}"
            return f"(NOT {did})" if op == "did_not" else f"({did})"
        case Leaf(_field, op):
            holds = f"coalesce({_positive(rule, OPPOSITES.get(op, op), facts)}, FALSE)"
            return f"(NOT {holds})" if op in OPPOSITES else holds


def _joined(word: str, parts: Sequence[Rule], facts: Facts) -> str:
    return "(" + word.join(_condition(part, facts) for part in parts) + ")"


def _positive(leaf: Leaf, op: str, facts: Facts) -> str:
    key = leaf.field.key
    if facts.kind == "customer" and key.startswith(COMPANY_PREFIX):
        firms = facts.companies()
        return facts.any_company(_compared(leaf, key.removeprefix(COMPANY_PREFIX), op, firms))
    return _compared(leaf, key, op, facts)


def _compared(leaf: Leaf, key: str, op: str, facts: Facts) -> str:
    if leaf.field.type == CUSTOM:
        return _custom(document(key, facts), op, leaf, facts)
    column = column_of(leaf, key, facts)
    if op == "set":
        return f"cardinality({column}) > 0" if leaf.field.type == LIST else f"{column} IS NOT NULL"
    if leaf.field.type == BOOL:
        return f"{column} = {'TRUE' if leaf.value else 'FALSE'}"
    if leaf.field.type == LIST:
        return _list(column, leaf.value, facts.parameters)
    compare = {DATE: _date, NUMBER: _number}.get(leaf.field.type, _text)
    return compare(column, op, leaf.value, facts.parameters)


def _custom(document: str, op: str, leaf: Leaf, facts: Facts) -> str:
    """A custom attribute is read as what the operator and its value take it for."""
    values = facts.parameters
    if op == "set":
        return f"{document} NOT IN ({_EMPTY})"
    if op in ("gt", "gte", "lt", "lte"):
        return _number(facts.reading(document, "number"), op, leaf.value, values)
    if op in ("before", "after", "within_days"):
        return _date(facts.reading(document, "date"), op, leaf.value, values)
    if op == "has":
        return _list(facts.reading(document, "list"), leaf.value, values)
    if op in ("eq", "in"):
        several = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        return _equals(document, several, facts)
    return _text(facts.reading(document, "text"), op, leaf.value, values)


def _equals(document: str, several: Sequence[Any], facts: Facts) -> str:
    """Numbers equal numbers, however they are written; all else is compared as text."""
    numbers = tuple(one for one in several if _is_number(one))
    words = tuple(_as_text(one) for one in several if not _is_number(one))
    ways = []
    if numbers:
        ways.append(_number(facts.reading(document, "number"), "in", numbers, facts.parameters))
    if words:
        ways.append(_text(facts.reading(document, "text"), "in", words, facts.parameters))
    return f"({' OR '.join(f'coalesce({way}, FALSE)' for way in ways)})"


def _number(column: str, op: str, value: Any, values: Parameters) -> str:
    if op == "in":
        return f"{column} IN ({_placed(value, _exact, values)})"
    return f"{column} {_SIGNS[op]} {values.add(_exact(value))}"


def _text(column: str, op: str, value: Any, values: Parameters) -> str:
    if op == "in":
        return f"{column} IN ({_placed(value, str, values, 'lower({}::text)')})"
    wanted = f"lower({values.add(str(value))}::text)"
    if op == "contains":
        return f"strpos({column}, {wanted}) > 0"
    if op == "starts_with":
        return f"starts_with({column}, {wanted})"
    if op == "ends_with":
        return f"right({column}, length({wanted})) = {wanted}"
    return f"{column} = {wanted}"


def _list(column: str, value: Any, values: Parameters) -> str:
    several = value if isinstance(value, tuple) else (value,)
    wanted = _placed(several, _as_text, values, "lower({}::text)")
    return f"{column} && ARRAY[{wanted}]"


def _date(column: str, op: str, value: Any, values: Parameters) -> str:
    if op == "within_days":
        return f"({column} >= {since(value)} AND {column} <= {_AHEAD})"
    bounds = read_date(value)
    if bounds is None:
        raise ValueError("a date that was not checked")
    first, last = bounds
    if op == "before":
        return f"{column} < {values.add(first)}"
    return f"{column} > {values.add(last)}"


def _placed(
    several: Sequence[Any], form: Callable[[Any], Any], values: Parameters, wrap: str = "{}"
) -> str:
    return ", ".join(wrap.format(values.add(form(one))) for one in several)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _exact(value: Any) -> int | Decimal:
    """The number as it was written: 0.1 is a tenth."""
    return value if isinstance(value, int) else Decimal(repr(value))
