"""What the builder offers in one organization: fields with their operators, and names of events."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulsescore.segments import catalogue
from pulsescore.segments.fields import Kind, find_field
from pulsescore.web.segments.builder import EVENTS, Offer, offer_of
from pulsescore.web.segments.translation import as_tree
from pulsescore.web.segments.tree import Group, Row
from pulsescore.web.segments.wording import rule_in_words

Offers = dict[str, Offer]
# So many tags are offered to choose from; among more one types.
TAGS_OFFERED = 60


def offers_for(org_id: int, kind: Kind, root: Group) -> Offers:
    """Every field to choose, and those that the rule asks about although nobody has them now."""
    found = {one.key: offer_of(one) for one in catalogue.offered_fields(org_id, kind)}
    tags = tuple((one, one) for one in catalogue.offered_tags(org_id, kind))
    if tags and len(tags) <= TAGS_OFFERED:
        found["tags"] = found["tags"]._replace(options=tags)
    if kind == "customer":
        found[EVENTS.key] = EVENTS
    return found | {key: one for key, one in _asked(kind, root).items() if key not in found}


def words_of(kind: Kind, rule: Mapping[str, Any]) -> str:
    """A stored rule as a sentence."""
    root = as_tree(rule)
    return rule_in_words(root, _asked(kind, root))


def _asked(kind: Kind, root: Group) -> Offers:
    known = {key: find_field(kind, key) for key in _fields(root)}
    return {key: offer_of(one) for key, one in known.items() if one is not None}


def _fields(group: Group) -> Iterator[str]:
    for one in group.children:
        if isinstance(one, Row):
            yield one.field
        else:
            yield from _fields(one)
