"""Pure: tables of the guide that become cards on a phone."""

from collections.abc import Sequence

from markdown_it.token import Token


def label(tokens: Sequence[Token]) -> None:
    """Give each cell the name of its column, and the first of each row the place of a heading."""
    columns: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            token.attrSet("class", "guide-table")
            columns = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            columns.append(tokens[place + 1].content)
        elif token.type == "td_open":
            _label_cell(token, columns[column], first=column == 0)
            column += 1


def _label_cell(cell: Token, name: str, *, first: bool) -> None:
    if first:
        cell.attrSet("class", "cell-head")
    else:
        cell.attrSet("data-label", name)
