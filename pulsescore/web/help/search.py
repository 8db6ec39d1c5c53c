"""Pure: searching the guide, section by section, best first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pulsescore.web.help.guide import Page
from pulsescore.web.help.rendering import Section

MOST = 30
LONGEST_QUERY = 200
_AROUND = 90
_TITLE, _HEADING, _TEXT = 4, 8, 1
_WORD = re.compile(r"[\w.'-]+")


@dataclass(frozen=True)
class Hit:
    """A section that fits, with the passage around the first word, cut into found and not."""

    page: Page
    section: Section
    snippet: list[tuple[str, bool]]


def find(pages: Iterable[Page], query: str) -> list[Hit]:
    """Sections that have every word of the query; if none has, those that have most of them."""
    terms = [one.strip(".'-") for one in _WORD.findall(query[:LONGEST_QUERY].casefold())]
    terms = list(dict.fromkeys(one for one in terms if one))
    if not terms:
        return []
    rated = [(*_rate(page, one, terms), page, one) for page in pages for one in _parts(page)]
    most = max((matched for matched, *_ in rated), default=0)
    best = [one for one in rated if one[0] == most and most > 0]
    best.sort(key=lambda one: -one[1])
    return [Hit(page, part, _snippet(part.text, terms)) for _, _, page, part in best[:MOST]]


def _parts(page: Page) -> list[Section]:
    return [one for one in page.content.sections if one.text or one.heading]


def _rate(page: Page, section: Section, terms: Sequence[str]) -> tuple[int, int]:
    """How many of the words are there, and how well the section fits."""
    title, heading = page.title.casefold(), section.heading.casefold()
    text = section.text.casefold()
    matched = points = 0
    for term in terms:
        found = _TITLE * (term in title) + _HEADING * (term in heading)
        found += _TEXT * min(text.count(term), 3)
        matched += found > 0
        points += found
    return matched, points


def _snippet(text: str, terms: Sequence[str]) -> list[tuple[str, bool]]:
    pattern = re.compile("|".join(re.escape(one) for one in terms), re.IGNORECASE)
    first = pattern.search(text)
    start = _word_start(text, max((first.start() if first else 0) - _AROUND, 0))
    end = min(start + 2 * _AROUND, len(text))
    passage = ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
    pieces: list[tuple[str, bool]] = []
    place = 0
    for match in pattern.finditer(passage):
        pieces += [(passage[place : match.start()], False), (match.group(), True)]
        place = match.end()
    return [*pieces, (passage[place:], False)]


def _word_start(text: str, place: int) -> int:
    return text.find(" ", place) + 1 if place and " " in text[place:] else 0
