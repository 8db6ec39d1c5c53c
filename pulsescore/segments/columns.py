"""Pure: where the fields that rules name stand in the database."""

from collections.abc import Callable
from typing import Final

from pulsescore.scoring.config import FACTORS
from pulsescore.segments.facts import Facts, since
from pulsescore.segments.fields import BOOL, DATE, LIST, NUMBER
from pulsescore.segments.rules import Leaf

_TALKS: Final = {
    "open_conversations": "v.status = 'open'",
    "snoozed_conversations": "v.status = 'snoozed'",
    "closed_conversations": "v.status = 'closed'",
    "waiting_conversations": "v.status = 'open' AND v.waiting_since IS NOT NULL",
}
_FACTORS: Final = {f"factor.{key}": place for place, key in enumerate(FACTORS, start=1)}
_SOURCE: Final = "(SELECT kind FROM store_source WHERE id = c.source_id AND org_id = %(org_id)s)"
_INTERCOM: Final = "intercom/"


def document(key: str, facts: Facts) -> str:
    """The column of a custom attribute, as it is stored; its name is a parameter."""
    place, _, name = key.partition(".")
    column = "metadata"
    if place == "attributes":
        theirs = facts.kind == "customer" and name.startswith(_INTERCOM)
        column = "attributes" if theirs else "traits"
    return facts.raw(f"c.{column} -> {facts.parameters.add(name)}::text")


def column_of(leaf: Leaf, key: str, facts: Facts) -> str:
    """The column of a field that always is; text in lower case, and NULL where there is none."""
    found = _BESIDE.get(key)
    if found is not None:
        return found(leaf, facts)
    if key in _TALKS:
        return facts.talks(_TALKS[key])
    if key in _FACTORS:
        return facts.health(f"nullif(h.raws[{_FACTORS[key]}], 'NaN')::numeric")
    if leaf.field.type == LIST:
        # Most have none; to unnest an empty list takes as long as a short one.
        lowered = f"ARRAY(SELECT lower(one) FROM unnest(c.{key}) AS one)"
        return facts.raw(f"CASE WHEN c.{key} = '{{}}' THEN c.{key}::text[] ELSE {lowered} END")
    plain = leaf.field.type in (NUMBER, DATE, BOOL)
    return facts.raw(f"c.{key}" if plain else f"nullif(lower(c.{key}), '')")


def _conversations(leaf: Leaf, facts: Facts) -> str:
    return facts.talks(f"v.opened_at >= {since(leaf.days)}" if leaf.days else "TRUE")


def _change(leaf: Leaf, facts: Facts) -> str:
    return facts.change(leaf.days or 1)


def _of_score(name: str) -> Callable[[Leaf, Facts], str]:
    def column(_leaf: Leaf, facts: Facts) -> str:
        return facts.health(f"{'h' if facts.kind == 'customer' else 's'}.{name}")

    return column


_BESIDE: Final[dict[str, Callable[[Leaf, Facts], str]]] = {
    "conversations": _conversations,
    "score_change": _change,
    "score": _of_score("score"),
    "risk_level": _of_score("risk_level"),
    "members": lambda _leaf, facts: facts.health("coalesce(s.members, 0)"),
    "scored_members": lambda _leaf, facts: facts.health("coalesce(s.scored_members, 0)"),
    "owner": lambda _leaf, facts: facts.raw("nullif(lower(c.owner_external_id), '')"),
    "source": lambda _leaf, facts: facts.raw(_SOURCE),
}
