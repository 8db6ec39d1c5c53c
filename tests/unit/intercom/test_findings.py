"""What a run found and refused, in words."""

from typing import Any

import pytest

from pulsescore.connectors.intercom import findings


def told(**report: Any) -> list[str]:
    return findings.findings_of({"sweep": report})


def test_a_check_tells_what_it_found_and_is_silent_about_nothing() -> None:
    assert told(missing_contacts=1, returned=0) == ["1 contact that Intercom no longer lists"]
    assert findings.findings_of({}) == []


@pytest.mark.parametrize("key", ["active_contacts", "retagged_contacts", "reread_conversations"])
def test_nightly_findings_are_told_as_weekly_ones_are(key: str) -> None:
    (said,) = told(**{key: 1_200})
    assert said.startswith("1,200 ")


def test_counts_of_phases_are_no_findings() -> None:
    assert told(done=5, total=None, imported=5, skipped=1, failed=0) == []


def test_a_refusal_is_told_instead_of_what_was_missing() -> None:
    report: dict[str, Any] = {"missing_contacts": 1_240}
    findings.refuse(report, kind="customer", missing=1_240, held=2_000)
    phases = {"sweep": report}
    assert findings.findings_of(phases) == []
    assert findings.refused_in_words(findings.refusals_of(phases)) == (
        "This run would have marked 1,240 of 2,000 contacts as gone. Nothing was marked."
    )


def test_several_refusals_are_one_sentence() -> None:
    report: dict[str, Any] = {}
    for kind in ("company", "customer", "conversation"):
        findings.refuse(report, kind=kind, missing=60, held=90)
    said = findings.refused_in_words(findings.refusals_of({"sweep": report}))
    assert "60 of 90 contacts, 60 of 90 conversations and 60 of 90 companies as gone" in said


def test_runs_from_before_the_share_was_noted_are_told_without_it() -> None:
    (refusal,) = findings.refusals_of({"sweep": {"refused_customer": 70}})
    assert refusal.share == "70 contacts"


def test_nothing_refused_is_nothing_said() -> None:
    assert findings.refused_in_words([]) == ""
