"""Pure: the filters in force as words, each with the address that is without it."""

from collections.abc import Mapping
from typing import NamedTuple

from pulsescore.scoring.wording import REASONS
from pulsescore.web.customers.narrowing import Narrowing
from pulsescore.web.words import LEVELS, plural


class Chip(NamedTuple):
    """A filter in words, and the query string without it."""

    words: str
    query: str


def chips(
    narrowing: Narrowing,
    *,
    owners: Mapping[str, str],
    segments: Mapping[int, str] | None = None,
    company: str = "",
) -> list[Chip]:
    """One chip for each filter in force, in the order of the form."""
    filters = narrowing.filters
    found = [
        Chip(LEVELS[level], narrowing.without(level=level)) for level in narrowing.filters.levels
    ]
    if filters.search:
        found.insert(0, Chip(f"“{filters.search}”", narrowing.without("search")))
    if filters.became:
        words = f"Became {LEVELS[filters.became].lower()} within 7 days"
        found.append(Chip(words, narrowing.without("became")))
    if filters.score_from is not None or filters.score_to is not None:
        low, high = filters.score_from or 0, filters.score_to
        words = f"Scores {low} to {100 if high is None else high}"
        found.append(Chip(words, narrowing.without("score_from", "score_to")))
    if filters.segment is not None:
        words = f"Segment: {(segments or {}).get(filters.segment, 'deleted')}"
        found.append(Chip(words, narrowing.without("segment")))
    for name, words in _plain(narrowing, owners, company):
        found.append(Chip(words, narrowing.without(name)))
    return found


def _plain(narrowing: Narrowing, owners: Mapping[str, str], company: str) -> list[tuple[str, str]]:
    filters = narrowing.filters
    found = []
    if filters.tag:
        found.append(("tag", f"Tag: {filters.tag}"))
    if filters.owner:
        nobody = filters.owner == "none"
        name = owners.get(filters.owner) or f"admin {filters.owner}"
        found.append(("owner", "Without an owner" if nobody else f"Owner: {name}"))
    if filters.company is not None:
        found.append(("company", f"Company: {company or 'unknown'}"))
    if filters.role:
        found.append(("role", "Leads" if filters.role == "lead" else "Users"))
    if filters.unseen_days is not None:
        found.append(("unseen_days", f"Not seen for {plural(filters.unseen_days, 'day')}"))
    if filters.reason:
        found.append(("reason", REASONS[filters.reason]))
    if filters.overridden:
        found.append(("overridden", "Score set by hand"))
    if filters.deleted:
        found.append(("deleted", "Deleted in Intercom"))
    return found
