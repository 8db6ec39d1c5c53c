"""Searching contacts by their ids, in a form that the server understands. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

Query = dict[str, Any]
Form = Callable[[Sequence[str]], Query]

# Intercom takes at most so many filters in a group, and groups in one group.
GROUP = 15


def listed(ids: Sequence[str]) -> Query:
    """One filter that names them all."""
    return {"field": "id", "operator": "IN", "value": list(ids)}


def any_of(ids: Sequence[str]) -> Query:
    """A filter for each, in as many groups as needed; 225 ids at most."""
    filters: list[Query] = [{"field": "id", "operator": "=", "value": one} for one in ids]
    groups = [_either(filters[start : start + GROUP]) for start in range(0, len(filters), GROUP)]
    return _either(groups)


def _either(parts: list[Query]) -> Query:
    return parts[0] if len(parts) == 1 else {"operator": "OR", "value": parts}


class IdSearch:
    """What is known of the server: a form that it refused is not tried again."""

    def __init__(self) -> None:
        self._forms: list[Form] = [listed, any_of]

    @property
    def form(self) -> Form | None:
        """How to ask; None where ids cannot be searched for at all."""
        return self._forms[0] if self._forms else None

    def refused(self, form: Form) -> None:
        """The server does not understand this one."""
        if self._forms and self._forms[0] is form:
            del self._forms[0]
