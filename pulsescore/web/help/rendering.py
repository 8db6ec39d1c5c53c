"""Pure: Markdown to a page: HTML without raw HTML, anchored headings, sections to search."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from pulsescore.web.help import tables
from pulsescore.web.help.anchors import anchor_of
from pulsescore.web.help.links import Addresses

CALLOUTS = {"NOTE": "Note", "TIP": "Tip", "IMPORTANT": "Important", "WARNING": "Careful"}
_DEPTHS = {"h2": 2, "h3": 3}


@dataclass
class Section:
    """What stands under one heading, as text; the part before the first heading has no anchor."""

    heading: str
    anchor: str
    depth: int
    text: str = ""


@dataclass(frozen=True)
class Rendered:
    """One page: its title, the HTML beneath the title, and its sections in order."""

    title: str
    html: str
    sections: list[Section] = field(default_factory=list)

    @property
    def headings(self) -> list[Section]:
        """The table of contents."""
        return [one for one in self.sections if one.anchor]


def render(source: str, addresses: Addresses, *, copy_icon: str = "") -> Rendered:
    """Render one page; the example addresses in it become those of this installation."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _fence(copy_icon))
    tokens = parser.parse(addresses.fill(source))
    title = _take_title(tokens)
    sections = _sections(tokens)
    _set_anchors(tokens, sections)
    _set_callouts(tokens)
    tables.label(tokens)
    addresses.resolve(tokens)
    return Rendered(title, parser.renderer.render(tokens, parser.options, {}), sections)


def _take_title(tokens: list[Token]) -> str:
    if len(tokens) < 3 or tokens[0].tag != "h1":  # noqa: PLR2004 (open, words, close)
        raise ValueError("a page of the guide begins with its title")
    title = plain(tokens[1])
    del tokens[:3]
    return title


def plain(token: Token) -> str:
    """The words of an inline token without its marks."""
    children = token.children or []
    return "".join(" " if one.type == "softbreak" else one.content for one in children)


def _sections(tokens: Sequence[Token]) -> list[Section]:
    """Cut the page at its headings; equal headings get different anchors."""
    sections, seen = [Section("", "", 1)], dict[str, int]()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = plain(tokens[place + 1])
            sections.append(Section(heading, _unique(heading, seen), _DEPTHS.get(token.tag, 4)))
        elif token.type == "fence":
            sections[-1].text += f" {token.content}"
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            sections[-1].text += f" {plain(token)}"
    for section in sections:
        section.text = " ".join(section.text.split())
    return sections


def _unique(heading: str, seen: dict[str, int]) -> str:
    anchor = anchor_of(heading)
    times = seen.get(anchor, 0)
    seen[anchor] = times + 1
    return f"{anchor}-{times}" if times else anchor


def _set_anchors(tokens: Sequence[Token], sections: Sequence[Section]) -> None:
    """Give each heading its id and, after its words, a link to itself."""
    anchored = iter(one for one in sections if one.anchor)
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        section = next(anchored)
        token.attrSet("id", section.anchor)
        token.attrSet("tabindex", "-1")
        children = tokens[place + 1].children
        if children is not None:
            children += _link_to(section)


def _link_to(section: Section) -> list[Token]:
    label = f"Link to {section.heading}"
    attrs: dict[str, str | int | float] = {
        "href": f"#{section.anchor}",
        "class": "guide-anchor",
        "aria-label": label,
    }
    opening = Token("link_open", "a", 1, attrs=attrs)
    return [opening, Token("text", "", 0, content="#"), Token("link_close", "a", -1)]


def _set_callouts(tokens: Sequence[Token]) -> None:
    """`> [!NOTE]` on the first line of a quotation makes a callout of it."""
    for place, token in enumerate(tokens):
        inline = tokens[place + 2] if token.type == "blockquote_open" else None
        kind = _callout(inline) if inline else ""
        if inline is None or inline.children is None or not kind:
            continue
        token.tag = _closing(tokens, place).tag = "aside"
        token.attrSet("class", f"guide-callout guide-callout-{kind.lower()}")
        inline.children[:2] = _strong(CALLOUTS[kind])


def _callout(inline: Token) -> str:
    mark = inline.content.partition("\n")[0].strip()
    kind = mark.removeprefix("[!").removesuffix("]")
    return kind if kind in CALLOUTS and mark == f"[!{kind}]" else ""


def _strong(word: str) -> list[Token]:
    return [
        Token("strong_open", "strong", 1),
        Token("text", "", 0, content=word),
        Token("strong_close", "strong", -1),
        Token("text", "", 0, content=" "),
    ]


def _closing(tokens: Sequence[Token], opening: int) -> Token:
    level = tokens[opening].level
    return next(
        one
        for one in tokens[opening + 1 :]
        if one.type == "blockquote_close" and one.level == level
    )


def _fence(copy_icon: str) -> Any:
    """A block of code with a button that copies it; the button appears with JavaScript."""

    def rule(
        _self: RendererHTML, tokens: Sequence[Token], place: int, _o: OptionsDict, _env: Any
    ) -> str:
        code = escape(tokens[place].content)
        whole = escape(tokens[place].content.rstrip("\n"))
        return (
            f'<div class="guide-code"><pre tabindex="0"><code>{code}</code></pre>'
            f'<button type="button" class="button button-icon button-small" data-copy="{whole}"'
            f' aria-label="Copy this block" title="Copy" hidden>{copy_icon}</button></div>\n'
        )

    return rule
