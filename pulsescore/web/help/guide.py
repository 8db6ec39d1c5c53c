"""The whole guide, made once per process: its pages in the order of its front page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt

from pulsescore.web.help.links import Addresses
from pulsescore.web.help.rendering import Rendered, plain, render
from pulsescore.web.help.sources import FRONT, read_guide
from pulsescore.web.templatetags.pulse import icon


@dataclass(frozen=True)
class Page:
    """One page of the guide and its neighbours in reading order."""

    name: str
    summary: str
    content: Rendered

    @property
    def title(self) -> str:
        """The title, as in every list of pages."""
        return self.content.title


@dataclass(frozen=True)
class Group:
    """Pages that belong together under one heading of the front page."""

    title: str
    pages: list[Page]


@dataclass(frozen=True)
class Guide:
    """All groups in order, and the lead of the front page."""

    title: str
    lead: str
    groups: list[Group]

    @property
    def pages(self) -> list[Page]:
        """Every page in reading order."""
        return [page for group in self.groups for page in group.pages]

    def page(self, name: str) -> Page | None:
        """A page by its name."""
        return next((page for page in self.pages if page.name == name), None)

    def neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        """The pages before and after one."""
        pages = self.pages
        place = pages.index(page)
        before = pages[place - 1] if place else None
        return before, pages[place + 1] if place + 1 < len(pages) else None


@lru_cache(maxsize=4)
def guide(public_url: str) -> Guide:
    """The guide of an installation."""
    return assemble(read_guide(), Addresses(public_url))


def assemble(sources: Mapping[str, str], addresses: Addresses) -> Guide:
    """Read the order of pages off the front page: a heading per group, a list entry per page."""
    front = MarkdownIt("commonmark").parse(sources[FRONT])
    title, lead = plain(front[1]), plain(front[4])
    groups: list[Group] = []
    for place, token in enumerate(front):
        if token.type == "heading_open" and token.tag == "h2":
            groups.append(Group(plain(front[place + 1]), []))
        elif token.type == "list_item_open":
            name, summary = _entry(plain(front[place + 2]), front[place + 2].content)
            content = render(sources[name], addresses, copy_icon=icon("copy"))
            groups[-1].pages.append(Page(name, summary, content))
    return Guide(title, lead, groups)


def _entry(words: str, markdown: str) -> tuple[str, str]:
    """Name and summary of `[Title](name.md): summary`."""
    name = markdown.partition("](")[2].partition(".md)")[0]
    return name, words.partition(": ")[2]
