"""Builds HTML from Python calls; whatever is not markup already is escaped."""

from html import escape as _escape

VOID = frozenset({"input", "meta", "link", "br"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def escape(value: object) -> str:
    """A value as text within HTML or a quoted attribute."""
    return value if isinstance(value, Html) else _escape(str(value), quote=True)


def join(*children: object) -> Html:
    """Several pieces in a row; None is nothing."""
    return Html("".join(escape(one) for one in children if one is not None))


def el(name: str, /, *children: object, **attributes: object) -> Html:
    """An element; `class_` is class, `_` in names is `-`, True is a bare attribute."""
    shown = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{shown}>")
    return Html(f"<{name}{shown}>{join(*children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
