"""Pure: what the builder shows of a rule: choices per row, the field for its value, faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pulsescore.segments.fields import BOOL, NUMBER, OPERATOR_WORDS, Field
from pulsescore.web.segments.translation import EVENT, listed
from pulsescore.web.segments.tree import MAX_DEPTH, ROOT, Group, Node, Row

MATCH_WORDS: Final = (
    ("all", "All of these hold"),
    ("any", "At least one holds"),
    ("none", "None holds"),
    ("not_all", "Not all hold"),
)


class Offer(NamedTuple):
    """A field to choose: its words, what it holds, and what can be asked of it.

    `span`: whether a span of days stands beside the value: "", "optional" or "required".
    """

    key: str
    label: str
    group: str
    type: str
    ops: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...] = ()
    span: str = ""
    unit: str = ""


# Where the builder says it shorter, because a field for the number stands beside it.
_OP_WORDS: Final = {
    "within_days": "is within the last",
    "not_within_days": "is not within the last",
}
EVENTS: Final = Offer(
    EVENT, "Did something", "Events", EVENT, (("did", "did"), ("did_not", "did not do"))
)


def offer_of(field: Field) -> Offer:
    """A field of the catalogue as the builder offers it."""
    ops = tuple((op, _OP_WORDS.get(op, OPERATOR_WORDS[op])) for op in field.operators)
    return Offer(
        field.key, field.words, field.group, field.type, ops, field.choices, field.span, field.unit
    )


class Option(NamedTuple):
    """A value to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class RowView:
    """One condition on the page; `entry` says how its value is asked for."""

    path: str
    row: Row
    entry: str
    offer: Offer | None
    options: tuple[Option, ...] = ()
    fault: str = ""
    is_new: bool = False

    @property
    def is_group(self) -> bool:
        """A row, for the template."""
        return False

    @property
    def field_id(self) -> str:
        """The id of the choice of a field, by which the cursor finds back."""
        return f"field-{self.path}"

    @property
    def op_id(self) -> str:
        """The id of the choice of an operator."""
        return f"op-{self.path}"

    @property
    def text(self) -> str:
        """The value, or several with commas between."""
        return ", ".join(listed(self.row.values)) if self.entry == "texts" else self.row.value


@dataclass(frozen=True)
class GroupView:
    """A group on the page."""

    path: str
    match: str
    parts: "tuple[RowView | GroupView, ...]"
    may_nest: bool
    fault: str = ""
    is_new: bool = False

    @property
    def is_group(self) -> bool:
        """A group, for the template."""
        return True

    @property
    def match_id(self) -> str:
        """The id of the choice how many are to hold."""
        return f"match-{self.path}"

    @property
    def is_root(self) -> bool:
        """The group around everything cannot be removed."""
        return self.path == ROOT


def fitted(node: Group, offers: Mapping[str, Offer]) -> Group:
    """The same rule where an operator that its field does not know is the field's first one."""
    return replace(node, children=tuple(_fitted(one, offers) for one in node.children))


def show(
    root: Group, offers: Mapping[str, Offer], *, faults: Mapping[str, str], fresh: str = ""
) -> GroupView:
    """The rule with everything the template needs; `fresh` is the path to put the cursor at."""
    return _group(root, ROOT, offers, faults, fresh)


def grouped(offers: Sequence[Offer]) -> list[tuple[str, list[Offer]]]:
    """The fields under their headings, in the catalogue's order."""
    found: dict[str, list[Offer]] = {}
    for one in offers:
        found.setdefault(one.group, []).append(one)
    return list(found.items())


def _fitted(node: Node, offers: Mapping[str, Offer]) -> Node:
    if isinstance(node, Group):
        return fitted(node, offers)
    offer = offers.get(node.field)
    if offer is None:
        return node
    days = node.days if offer.span or offer.type == EVENT else ""
    if node.op in dict(offer.ops):
        return replace(node, days=days)
    return replace(node, op=offer.ops[0][0], days=days)


def _group(
    group: Group, path: str, offers: Mapping[str, Offer], faults: Mapping[str, str], fresh: str
) -> GroupView:
    parts: list[RowView | GroupView] = []
    for index, child in enumerate(group.children):
        at = f"{path}.{index}"
        if isinstance(child, Group):
            parts.append(_group(child, at, offers, faults, fresh))
        else:
            parts.append(_row(child, at, offers.get(child.field), faults.get(at, ""), fresh))
    return GroupView(
        path=path,
        match=group.match,
        parts=tuple(parts),
        may_nest=path.count(".") < MAX_DEPTH - 1,
        fault=faults.get(path, ""),
        is_new=path == fresh,
    )


def _row(row: Row, path: str, offer: Offer | None, fault: str, fresh: str) -> RowView:
    entry = _entry(row, offer)
    chosen = set(row.values)
    known = offer.options if offer and entry in {"option", "options"} else ()
    options = [Option(value, label, value in chosen) for value, label in known]
    if known:
        lost = [one for one in row.values if one and one not in dict(known)]
        options += [Option(one, one, True) for one in lost]
    return RowView(path, row, entry, offer, tuple(options), fault, path == fresh)


_BY_OP: Final = {
    "set": "nothing",
    "not_set": "nothing",
    "within_days": "days",
    "not_within_days": "days",
    "before": "date",
    "after": "date",
}
_BY_TYPE: Final = {NUMBER: "number", BOOL: "boolean"}
_SIZES: Final = frozenset({"gt", "gte", "lt", "lte"})


def _entry(row: Row, offer: Offer | None) -> str:
    if offer is None:
        return "unknown" if row.field else "nothing"
    if offer.type == EVENT:
        return "event"
    if row.op in _SIZES:
        return "number"
    if row.op in _BY_OP:
        return _BY_OP[row.op]
    if row.op in {"in", "not_in"}:
        return "options" if offer.options else "texts"
    return "option" if offer.options else _BY_TYPE.get(offer.type, "text")
