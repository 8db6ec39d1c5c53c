"""How far a run is: counted in memory, written with the rows that it counts."""

from collections.abc import Mapping
from typing import Any

from pulsescore.connectors.intercom.models import RunStatus, SyncRun

_IMPORTED = ("inserted", "updated", "unchanged", "stale")
_SKIPPED = ("held_no_email", "held_no_contact")
_FAILED = ("malformed",)
# Which phase a kind of record belongs to.
PHASE_OF = {"customer": "contacts", "company": "companies", "conversation": "conversations"}


class Progress:
    """Counts by phase; `phases` is what the run's row shows."""

    def __init__(self, run: SyncRun) -> None:
        self._run = run
        self.phase = run.phase
        self.phases: dict[str, dict[str, Any]] = dict(run.phases)
        self.unannounced = run.unannounced

    def expect(self, phase: str, total: int | None) -> None:
        """A phase is to read about that many records."""
        self.of(phase)["total"] = total

    def of(self, phase: str) -> dict[str, Any]:
        """The counts of a phase."""
        blank = {"done": 0, "total": None, "imported": 0, "skipped": 0, "failed": 0}
        return self.phases.setdefault(phase, blank)

    def read(self, phase: str, count: int) -> None:
        """That many more records of a phase are through."""
        counts = self.of(phase)
        counts["done"] += count
        if counts["total"] is not None:
            counts["total"] = max(counts["total"], counts["done"])

    def stored(self, counts: Mapping[str, int], *, again: bool) -> None:
        """Take over what the store did with a batch, told as "customer.inserted" and so on.

        Of what was read `again` only what is new is counted.
        """
        for name, count in counts.items():
            kind, _, outcome = name.partition(".")
            if kind not in PHASE_OF:
                continue
            phase = self.of(PHASE_OF[kind])
            if outcome == "inserted" or (outcome in _IMPORTED and not again):
                phase["imported"] += count
            elif again:
                continue
            elif outcome in _SKIPPED:
                phase["skipped"] += count
            elif outcome in _FAILED:
                phase["failed"] += count

    def save(self) -> bool:
        """Write the counts to the run's row; False when the run is no longer running."""
        shown = self.of(self.phase) if self.phase else {"done": 0, "total": None}
        updated = (
            SyncRun.objects.for_org(self._run.org_id)
            .filter(pk=self._run.pk, status=RunStatus.RUNNING)
            .update(
                phase=self.phase,
                phases=self.phases,
                done=shown["done"],
                total=shown["total"],
                imported=self._sum("imported"),
                skipped=self._sum("skipped"),
                failed=self._sum("failed"),
                unannounced=self.unannounced,
            )
        )
        return updated == 1

    def _sum(self, name: str) -> int:
        return sum(counts.get(name, 0) for counts in self.phases.values())
