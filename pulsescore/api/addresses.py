"""The form of ids in addresses: anything else leads nowhere, which is a 404."""

from django.urls import register_converter

_MAX_ID = 2**63 - 1


class IdConverter:
    """A positive number that a bigint can hold."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Read the id; `ValueError` makes the address unknown."""
        number = int(value)
        if not 0 < number <= _MAX_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Write the id."""
        return str(value)


def register() -> None:
    """Make `{id:name}` known to addresses."""
    register_converter(IdConverter, "id")
