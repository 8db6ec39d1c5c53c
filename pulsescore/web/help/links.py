"""Pure: addresses in the guide: to other pages of it, to this installation, to elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

# The sources name an example installation, so that they read well anywhere.
EXAMPLE_URL = "https://pulse.example.com"
_PAGE = re.compile(r"([\w-]+)\.md(#[\w-]+)?")


@dataclass(frozen=True)
class Addresses:
    """Where this installation is reached, and below which path its guide is served."""

    public_url: str
    guide_path: str = "/help"

    def fill(self, source: str) -> str:
        """Put this installation's address where the example's stands, ready to be copied."""
        return source.replace(EXAMPLE_URL, self.public_url)

    def resolve(self, tokens: Sequence[Token]) -> None:
        """Make links between the files links between the pages."""
        for link in _links(tokens):
            href = str(link.attrGet("href") or "")
            link.attrSet("href", self._resolved(href))
            if self._leads_away(href):
                link.attrSet("rel", "noreferrer")

    def _resolved(self, href: str) -> str:
        page = _PAGE.fullmatch(href)
        if page:
            name, anchor = page[1], page[2] or ""
            return f"{self.guide_path}{'' if name == 'README' else f'/{name}'}{anchor}"
        if href.startswith(self.public_url):
            return href.removeprefix(self.public_url) or "/"
        return href

    def _leads_away(self, href: str) -> bool:
        return href.startswith(("http://", "https://")) and not href.startswith(self.public_url)


def _links(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                yield child
