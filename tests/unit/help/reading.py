"""The guide as a reader meets it, and the source of the product as a linter does."""

import ast
import html
import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from pulsescore.web.help.guide import Guide, Page, assemble
from pulsescore.web.help.links import Addresses
from pulsescore.web.help.sources import read_guide

URL = "https://scores.example.org"
PRODUCT = Path(__file__).resolve().parents[3] / "pulsescore"
# What is to be said of what differs from case to case.
ELLIPSIS = "…"


@lru_cache
def the_guide() -> Guide:
    return assemble(read_guide(), Addresses(URL))


def page(name: str) -> Page:
    found = the_guide().page(name)
    assert found, f"docs/guide/README.md lists no page {name}"
    return found


def text_of(name: str) -> str:
    """All words of a page, headings included."""
    parts = page(name).content.sections
    return " ".join(f"{one.heading} {one.text}" for one in parts)


def all_text() -> str:
    return " ".join(text_of(one.name) for one in the_guide().pages)


def section(name: str, heading: str) -> str:
    """The words under one heading."""
    found = [one.text for one in page(name).content.sections if one.heading == heading]
    assert found, f"docs/guide/{name}.md has no heading: {heading}"
    return found[0]


def is_told(message: str, text: str) -> bool:
    """Whether the text has the message; its ellipses match whatever stands there."""
    plain = " ".join(message.replace("`", "").split())
    pieces = [re.escape(one) for one in plain.split(ELLIPSIS)]
    return re.search(".{1,60}?".join(pieces), text) is not None


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def links(one: Page) -> list[str]:
    parser = Links()
    parser.feed(one.content.html)
    return parser.found


def code_blocks() -> Iterator[tuple[str, str]]:
    """Page and text of each block of code."""
    for one in the_guide().pages:
        for block in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", one.content.html, re.DOTALL):
            yield one.name, html.unescape(block)


def rows(name: str, column: str) -> list[list[str]]:
    """The cells of the tables of a page that have a column of this name, as plain text."""
    tables = re.findall(r"<table.*?</table>", page(name).content.html, re.DOTALL)
    chosen = [one for one in tables if f">{column}</th>" in one]
    bodies = [row for table in chosen for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in bodies]
    return [[html.unescape(re.sub("<[^>]+>", "", cell)) for cell in row] for row in cells if row]


def messages(calls: dict[str, int], *, beneath: str = "") -> Iterator[tuple[str, str]]:
    """Where and what the product's code says in calls of these names, by place of the argument."""
    for path in sorted((PRODUCT / beneath).rglob("*.py")):
        tree = ast.parse(path.read_text())
        names = _constants(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = calls.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            said = _words(node.args[place], names)
            if said:
                yield f"{path.relative_to(PRODUCT)}:{node.lineno}", said


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _words(node: ast.expr, names: dict[str, ast.expr]) -> str:
    if isinstance(node, ast.Name):
        node = names.get(node.id, node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [one.value if isinstance(one, ast.Constant) else ELLIPSIS for one in node.values]
        return "".join(str(one) for one in parts)
    return ""
