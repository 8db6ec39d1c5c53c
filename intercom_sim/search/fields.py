"""What can be searched: how to read each field, and which operators suit its type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")
FieldKind = Literal["string", "integer", "date", "boolean", "ids"]

TEXT = frozenset({"=", "!=", "IN", "NIN", "~", "!~", "^", "$"})
NUMBER = frozenset({"=", "!=", "IN", "NIN", ">", "<", ">=", "<="})
FLAG = frozenset({"=", "!="})
DAY = frozenset({"=", ">", "<"})
SECOND = frozenset({"=", "!=", ">", "<", ">=", "<=", "IN", "NIN"})
IDS = frozenset({"=", "!=", "IN", "NIN"})


@dataclass(frozen=True)
class Field(Generic[T]):
    """A searchable field: `read` gives its value, for `ids` the ids it holds."""

    kind: FieldKind
    read: Callable[[T], Any]
    operators: frozenset[str]


@dataclass(frozen=True)
class Catalogue(Generic[T]):
    """All fields of a kind of object; `whole_days` says how dates are compared."""

    fields: Mapping[str, Field[T]]
    custom: Callable[[str], Field[T] | None]
    whole_days: bool

    def find(self, name: str) -> Field[T] | None:
        return self.fields.get(name) or self.custom(name)
