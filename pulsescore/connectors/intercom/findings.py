"""Pure: what a run found that nobody had told, and what it refused to believe, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Phases = Mapping[str, Mapping[str, Any]]

SWEEP: Final = "sweep"
# How the run is called where it is not on the page.
LAST: Final = "The last reconcile run"
_NOUNS: Final = {
    "customer": "contacts",
    "conversation": "conversations",
    "company": "companies",
    "tag": "tags",
}
# Keys of the sweep's report, in the order in which they are told.
_FINDINGS: Final = (
    (
        "missing_contacts",
        "contact that Intercom no longer lists",
        "contacts that Intercom no longer lists",
    ),
    (
        "missing_companies",
        "company that Intercom no longer lists",
        "companies that Intercom no longer lists",
    ),
    (
        "missing_conversations",
        "conversation that Intercom no longer lists",
        "conversations that Intercom no longer lists",
    ),
    (
        "reread_conversations",
        "conversation read again by its id",
        "conversations read again by their ids",
    ),
    ("returned", "contact that came back", "contacts that came back"),
    ("active_contacts", "contact seen lately, read again", "contacts seen lately, read again"),
    (
        "retagged_contacts",
        "contact who had lost a tag without a word",
        "contacts who had lost a tag without a word",
    ),
    ("changed_tags", "tag renamed or removed", "tags renamed or removed"),
    (
        "retagged_rows",
        "record that carried such a tag",
        "records that carried such a tag",
    ),
    (
        "segment_changes",
        "change of who is in a segment",
        "changes of who is in a segment",
    ),
)
_REFUSED_INSTEAD: Final = {
    "missing_contacts": "customer",
    "missing_companies": "company",
    "missing_conversations": "conversation",
}


@dataclass(frozen=True)
class Refusal:
    """A loss too great to be believed: so many of those held were missing, none was marked."""

    kind: str
    missing: int
    held: int

    @property
    def share(self) -> str:
        """How much of what: "1,240 of 2,000 contacts"."""
        of = f" of {self.held:,}" if self.held else ""
        return f"{self.missing:,}{of} {_NOUNS[self.kind]}"


def refuse(report: dict[str, Any], *, kind: str, missing: int, held: int) -> Refusal:
    """Write down in a sweep's report that this loss was not believed."""
    report[f"refused_{kind}"], report[f"held_{kind}"] = missing, held
    return Refusal(kind, missing, held)


def refusals_of(phases: Phases) -> list[Refusal]:
    """The losses that a run did not believe."""
    report = phases.get(SWEEP, {})
    return [
        Refusal(kind, int(report[f"refused_{kind}"]), int(report.get(f"held_{kind}", 0)))
        for kind in _NOUNS
        if report.get(f"refused_{kind}")
    ]


def refused_in_words(refusals: list[Refusal], *, who: str = "This run") -> str:
    """What a run would have done, and did not; empty where it refused nothing."""
    if not refusals:
        return ""
    *most, last = [one.share for one in refusals]
    told = f"{', '.join(most)} and {last}" if most else last
    return f"{who} would have marked {told} as gone. Nothing was marked."


def findings_of(phases: Phases) -> list[str]:
    """What a check found that Intercom never told, a phrase each; nothing of what is not so."""
    report = phases.get(SWEEP, {})
    refused = {one.kind for one in refusals_of(phases)}
    found = [
        (int(report.get(key) or 0), one, many)
        for key, one, many in _FINDINGS
        if _REFUSED_INSTEAD.get(key) not in refused
    ]
    return [f"{count:,} {one if count == 1 else many}" for count, one, many in found if count]
