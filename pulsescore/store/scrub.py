"""Text that PostgreSQL can hold: without NUL characters and halves of surrogate pairs. Pure."""

from typing import Any, TypeVar

import msgspec

StructT = TypeVar("StructT", bound=msgspec.Struct)
LONGEST_ID = 255


def text(value: str) -> str:
    """The text without what no database text may contain."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "").encode("utf-8", "ignore").decode()


def anything(value: Any) -> Any:
    """The same for texts anywhere within lists and dictionaries (keys too)."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [anything(item) for item in value]
    if isinstance(value, dict):
        return {text(str(key)): anything(item) for key, item in value.items()}
    return value


def struct(record: StructT) -> StructT:
    """The same record with all its texts scrubbed."""
    values = {name: anything(getattr(record, name)) for name in record.__struct_fields__}
    return msgspec.structs.replace(record, **values)


def is_storable_id(value: str) -> bool:
    """Whether this can be an external id: not empty, not longer than an index key may be."""
    return 0 < len(value) <= LONGEST_ID
