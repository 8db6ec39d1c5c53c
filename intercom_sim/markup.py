"""Escaping for the few pages the simulator draws itself."""

from html import escape as _escape


def escape(value: object) -> str:
    """A value as text within HTML or a quoted attribute."""
    return _escape(str(value), quote=True)
