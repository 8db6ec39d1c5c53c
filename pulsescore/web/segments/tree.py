"""Pure: a rule as the builder shows it, groups of rows, read from a form and edited in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

ROOT: Final = "r"
MATCHES: Final = ("all", "any", "none", "not_all")
# Groups are nested so deep by hand; programs may have nested them deeper, as deep as rules go.
MAX_DEPTH: Final = 4
DEEPEST: Final = 8
MAX_ROWS: Final = 100
_PARTS: Final = ("match", "field", "op", "value", "count", "days")
_MAX_TEXT: Final = 2_000


class Posted(Protocol):
    """A form that was sent: Django's `QueryDict`."""

    def __iter__(self) -> Iterator[str]: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Row:
    """One condition, as text; `count` and `days` belong to events and to spans."""

    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    count: str = ""
    days: str = ""

    @property
    def value(self) -> str:
        """The one value, for conditions that have one."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class Group:
    """Conditions of which all, any, none, or not all are to hold."""

    match: str = "all"
    children: "tuple[Node, ...]" = ()


Node = Row | Group
BLANK: Final = Group("all", (Row(),))


def read_tree(posted: Posted) -> Group:
    """The rule as it was filled in; names look like `field.r.0.1`.

    Where the rule did not arrive at all there is one blank row: never everybody by accident.
    """
    nodes = _named(posted)
    root = _built(ROOT, nodes) if "match" in nodes.get(ROOT, {}) else BLANK
    return root if isinstance(root, Group) else BLANK


def edited(root: Group, command: str) -> tuple[Group, str]:
    """The rule after `row:r.0`, `group:r` or `remove:r.0.1`, and the path to look at then.

    What is not understood changes nothing.
    """
    verb, _, path = command.partition(":")
    steps = _steps(path)
    if steps is None or verb not in {"row", "group", "remove"}:
        return root, ""
    if verb == "remove":
        return _without(root, steps) if steps else root, _path(steps[:-1])
    if count_rows(root) >= MAX_ROWS or (verb == "group" and len(steps) >= MAX_DEPTH - 1):
        return root, ""
    added: Node = Row() if verb == "row" else Group("any", (Row(),))
    at = _children(root, steps)
    return _with(root, steps, added), _path((*steps, at))


def emptied(root: Group, path: str) -> Group:
    """The rule without the value of one row, whose field is another one now."""
    steps = _steps(path)
    return _emptied(root, steps) if steps else root


def count_rows(node: Node) -> int:
    """How many conditions there are."""
    return 1 if isinstance(node, Row) else sum(count_rows(one) for one in node.children)


def _named(posted: Posted) -> dict[str, dict[str, list[str]]]:
    nodes: dict[str, dict[str, list[str]]] = {}
    for name in posted:
        part, _, path = name.partition(".")
        if part in _PARTS and _steps(path) is not None:
            clean = [text.replace("\0", "")[:_MAX_TEXT] for text in posted.getlist(name)]
            nodes.setdefault(path, {})[part] = clean
    return nodes


def _built(path: str, nodes: dict[str, dict[str, list[str]]]) -> Node:
    mine = nodes.get(path, {})
    if "field" in mine:
        return _row(mine)
    depth = path.count(".") + 1
    below = [name for name in nodes if name.startswith(f"{path}.") and name.count(".") == depth]
    below.sort(key=lambda name: int(name.rpartition(".")[2]))
    children = tuple(_built(name, nodes) for name in below[:MAX_ROWS])
    match = (mine.get("match") or ["all"])[0]
    return Group(match if match in MATCHES else "all", children)


def _row(mine: dict[str, list[str]]) -> Row:
    def first(part: str) -> str:
        return (mine.get(part) or [""])[0].strip()

    return Row(
        first("field"), first("op"), tuple(mine.get("value", ())), first("count"), first("days")
    )


def _steps(path: str) -> tuple[int, ...] | None:
    """The places on the way down: `r.0.1` is (0, 1)."""
    root, *rest = path.split(".")
    plain = all(one.isascii() and one.isdigit() and len(one) < 4 for one in rest)  # noqa: PLR2004
    if root != ROOT or not plain or len(rest) > DEEPEST:
        return None
    return tuple(int(one) for one in rest)


def _path(steps: Sequence[int]) -> str:
    return ".".join((ROOT, *map(str, steps)))


def _children(group: Node, steps: Sequence[int]) -> int:
    for step in steps:
        if not isinstance(group, Group) or step >= len(group.children):
            return 0
        group = group.children[step]
    return len(group.children) if isinstance(group, Group) else 0


def _with(node: Node, steps: Sequence[int], added: Node) -> Group:
    if not isinstance(node, Group):
        return BLANK
    if not steps:
        return replace(node, children=(*node.children, added))
    first, *rest = steps
    if first >= len(node.children) or not isinstance(node.children[first], Group):
        return node
    return _replaced(node, first, (_with(node.children[first], rest, added),))


def _without(node: Group, steps: Sequence[int]) -> Group:
    first, *rest = steps
    if first >= len(node.children):
        return node
    child = node.children[first]
    if not rest:
        return _replaced(node, first, ())
    return _replaced(node, first, (_without(child, rest),)) if isinstance(child, Group) else node


def _emptied(node: Group, steps: Sequence[int]) -> Group:
    first, *rest = steps
    if first >= len(node.children):
        return node
    child = node.children[first]
    if isinstance(child, Group):
        return _replaced(node, first, (_emptied(child, rest),)) if rest else node
    return node if rest else _replaced(node, first, (Row(child.field, child.op),))


def _replaced(node: Group, at: int, by: tuple[Node, ...]) -> Group:
    return replace(node, children=(*node.children[:at], *by, *node.children[at + 1 :]))
