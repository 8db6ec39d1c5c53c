"""What must be written so that a contact in Intercom is as it should be: differences only. Pure.

Attribute values are Intercom's names to values: a standard field by its name, a custom attribute
as "custom_attributes.<name>".
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pulsescore.connectors.intercom.outbound.roles import LEAD, USER, Role

Values = Mapping[str, Any]
CUSTOM: Final = "custom_attributes."


@dataclass(frozen=True, kw_only=True)
class Known:
    """A contact as Intercom last told it; without an id there is none."""

    contact_id: str | None = None
    role: Role | None = None
    values: Values = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    is_archived: bool = False


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """The tag of a segment; without an id it does not exist yet.

    `is_borne` says whether the customer is to bear it; `may_remove` whether taking it off is ours
    to do: we created the tag, or put it on.
    """

    name: str
    tag_id: str | None
    is_borne: bool
    may_remove: bool


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a contact should be. `role` is `None` for somebody who is not sent."""

    role: Role | None
    identity: Values = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    mirrors: Sequence[Mirror] = ()
    companies: AbstractSet[str] = frozenset()
    may_restore: bool = False


@dataclass(frozen=True, kw_only=True)
class Diff:
    """What is to be written. `fields` go into one request, `before` is what stands there now."""

    contact_id: str | None
    creates: Role | None = None
    converts: bool = False
    restores: bool = False
    fields: Values = field(default_factory=dict)
    before: Values = field(default_factory=dict)
    attach: Sequence[Mirror] = ()
    detach: Sequence[Mirror] = ()
    companies: Sequence[str] = ()
    archives: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return not (
            self.creates
            or self.converts
            or self.restores
            or self.fields
            or self.attach
            or self.detach
            or self.companies
            or self.archives
        )

    @property
    def body(self) -> dict[str, Any]:
        """The request that writes `fields`, and the role where that changes."""
        body = as_body(self.fields)
        if self.creates or self.converts:
            body["role"] = self.creates or USER
        return body


def compare(known: Known, wish: Wish, *, withheld: Values | None = None) -> Diff:
    """The difference; values that are `withheld` are left out while they are the same."""
    withheld = withheld or {}
    there = known.contact_id is not None and not known.is_archived
    restores = known.is_archived and wish.role is not None and wish.may_restore
    if not there and (wish.role is None or (known.is_archived and not restores)):
        return Diff(contact_id=known.contact_id)
    if wish.role is None:
        return Diff(
            contact_id=known.contact_id, detach=_surplus(known.tags, wish.mirrors, withheld)
        )
    values = without_withheld(_changed(known, wish), withheld)
    creates = wish.role if known.contact_id is None else None
    converts = known.role == LEAD and wish.role == USER
    if creates or converts:
        values = {**wish.identity, **values}
    if known.contact_id is None and not _can_be_named(values):
        return Diff(contact_id=None)
    bodies = {name: known.values.get(name) for name in values}
    return Diff(
        contact_id=known.contact_id,
        creates=creates,
        converts=converts,
        restores=restores,
        fields=values,
        before={} if creates else bodies,
        attach=_missing(known.tags, wish.mirrors, withheld),
        detach=_surplus(known.tags, wish.mirrors, withheld),
        companies=sorted(wish.companies - known.companies),
    )


def bring_back(diff: Diff, known: Known, *, values: Values, archives: bool) -> Diff:
    """The difference, and what an undo asks for: values as they were, or the contact put away.

    `values` are pairs of ours and the former one, by name.
    """
    if known.contact_id is None or known.is_archived:
        return diff
    if archives:
        return Diff(contact_id=known.contact_id, archives=True)
    back = former_values(values, known.values)
    return replace(
        diff,
        fields={**diff.fields, **back},
        before={**diff.before, **{name: known.values.get(name) for name in back}},
    )


def former_values(values: Values, held: Values) -> dict[str, Any]:
    """What an undo writes back: of each pair of ours and the former, the former.

    Only where ours still stands there: what somebody changed since is theirs.
    """
    return {
        name: former
        for name, (ours, former) in values.items()
        if held.get(name) != former
        and (held.get(name) == ours or type(held.get(name)) is not type(ours))
    }


def as_body(values: Values) -> dict[str, Any]:
    """Values as Intercom takes them: custom attributes in an object of their own."""
    body: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith(CUSTOM):
            custom[name.removeprefix(CUSTOM)] = value
        else:
            body[name] = value
    if custom:
        body["custom_attributes"] = custom
    return body


def without_withheld(values: Values, withheld: Values) -> dict[str, Any]:
    """Values less those that are withheld and still the same."""
    return {
        name: value
        for name, value in values.items()
        if name not in withheld or withheld[name] != value
    }


def _changed(known: Known, wish: Wish) -> dict[str, Any]:
    told = known.values
    return {
        name: value
        for name, value in wish.values.items()
        if told.get(name) != value or isinstance(told.get(name), bool) != isinstance(value, bool)
    }


def _can_be_named(values: Values) -> bool:
    """Whether the person would be known again: contacts without an address are never imported."""
    return bool(values.get("email"))


def _missing(
    tags: frozenset[str], mirrors: Iterable[Mirror], withheld: Values
) -> tuple[Mirror, ...]:
    borne = _folded(tags)
    return tuple(
        one
        for one in mirrors
        if one.is_borne
        and one.name.casefold() not in borne
        and withheld.get(f"tag:{one.tag_id}") is not True
    )


def _surplus(
    tags: frozenset[str], mirrors: Iterable[Mirror], withheld: Values
) -> tuple[Mirror, ...]:
    """Tags whose segment was left. A tag of that name that is to be borne as well stays."""
    borne = _folded(tags)
    kept = {one.name.casefold() for one in mirrors if one.is_borne}
    return tuple(
        one
        for one in mirrors
        if not one.is_borne
        and one.may_remove
        and one.tag_id is not None
        and one.name.casefold() in borne - kept
        and withheld.get(f"untag:{one.tag_id}") is not True
    )


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}
