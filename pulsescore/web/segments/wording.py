"""Pure: a rule as one reads it: "Score is less than 40, and at least one of: … or …"."""

from collections.abc import Mapping
from typing import Final

from pulsescore.segments.fields import BOOL, NUMBER
from pulsescore.web.segments.builder import Offer
from pulsescore.web.segments.translation import EVENT, listed
from pulsescore.web.segments.tree import Group, Node, Row
from pulsescore.web.words import plural

_JOINTS: Final = {"all": ", and ", "any": ", or ", "none": ", nor ", "not_all": ", and "}
_OPENINGS: Final = {"all": "", "any": "", "none": "neither ", "not_all": "not all of: "}


def rule_in_words(root: Group, offers: Mapping[str, Offer]) -> str:
    """The whole rule as a sentence."""
    text = _group(root, offers, is_root=True) or "everybody"
    return f"{text[:1].upper()}{text[1:]}."


def _group(group: Group, offers: Mapping[str, Offer], *, is_root: bool = False) -> str:
    parts = [_words(one, offers) for one in group.children]
    parts = [one for one in parts if one]
    if not parts:
        return ""
    opening = _OPENINGS[group.match]
    if group.match == "none" and len(parts) == 1:
        opening = "not: "
    text = opening + _JOINTS[group.match].join(parts)
    return text if is_root or (len(parts) == 1 and not opening) else f"({text})"


def _words(node: Node, offers: Mapping[str, Offer]) -> str:
    if isinstance(node, Group):
        return _group(node, offers)
    if node.field == EVENT:
        return _event(node)
    offer = offers.get(node.field)
    label = _lowered(offer.label) if offer else node.field
    op = dict(offer.ops).get(node.op, node.op) if offer else node.op
    span = f" within {_days(node.days)}" if node.days else ""
    return f"{label} {op} {_value(node, offer)}".strip() + span


def _lowered(label: str) -> str:
    """A label within a sentence; abbreviations and names keep their capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _value(row: Row, offer: Offer | None) -> str:
    if row.op in {"set", "not_set"}:
        return ""
    if row.op in {"within_days", "not_within_days"}:
        return _days(row.value)
    known = dict(offer.options) if offer else {}
    if row.op in {"in", "not_in"}:
        return _either([known.get(one, one) for one in listed(row.values)])
    if offer and offer.type == BOOL:
        return "yes" if row.value == "true" else "no"
    if row.op in {"before", "after"}:
        return row.value[:10]
    text = known.get(row.value, row.value)
    return text if known or (offer and offer.type == NUMBER) else f"“{text}”"


def _either(parts: list[str]) -> str:
    *most, last = parts or [""]
    return f"{', '.join(most)} or {last}" if most else last


def _event(row: Row) -> str:
    times = int(row.count) if row.count.isdigit() else 1
    span = f" within {_days(row.days)}" if row.days else ""
    if row.op == "did":
        often = f" at least {plural(times, 'time')}" if times > 1 else ""
        return f"did “{row.value}”{often}{span}"
    often = f" {times:,} times or more" if times > 1 else ""
    return f"did not do “{row.value}”{often}{span}"


def _days(text: str) -> str:
    return "1 day" if text == "1" else f"{text} days"
