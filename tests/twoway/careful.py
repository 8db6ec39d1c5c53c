"""What no single write may do: replace what is Intercom's to say, or tell what it holds already."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pulsescore.store.models import Customer
from tests.twoway.tables import Outgoing
from tests.twoway.wire import Sent

Held = Mapping[str, Mapping[str, Any]]
_CUSTOM = "custom_attributes"


def held_by(customers: Iterable[Customer]) -> Held:
    """What Intercom last told of each contact, by id, as one writes it."""
    return {
        one.external_id: {"name": one.name, "phone": one.phone, _CUSTOM: one.metadata}
        for one in customers
    }


def overwritten(held: Held, sent: Iterable[Sent], rows: Iterable[Outgoing]) -> Iterator[str]:
    """Values that were known to be there, and were replaced although theirs counts."""
    theirs = [target for _, target, wins in rows if not wins]
    for one in sent:
        known = held.get(one.path.rpartition("/")[2])
        if one.method != "PUT" or known is None:
            continue
        for target in theirs:
            there, ours = _value(known, target), _value(one.body, target)
            if there not in (None, "") and ours not in (None, there):
                yield f"{one}: {target} was {there!r}"


def repeated(sent: Iterable[Sent]) -> Iterator[str]:
    """Writes that were sent twice, although the first was answered."""
    seen = Counter(str(one) for one in sent if one.status == HTTPStatus.OK)
    yield from (f"written twice: {one}" for one, count in seen.items() if count > 1)


def idle(sent: Iterable[Sent]) -> Iterator[str]:
    """Writes that changed nothing; one without content asks how somebody is now."""
    for one in sent:
        is_answered = HTTPStatus.OK <= one.status < HTTPStatus.MULTIPLE_CHOICES
        if is_answered and not one.changed and one.body != {}:
            yield f"changed nothing: {one}"


def _value(told: Mapping[str, Any], target: str) -> Any:
    name = target.removeprefix(f"{_CUSTOM}.")
    return (told if name == target else told.get(_CUSTOM, {})).get(name)
